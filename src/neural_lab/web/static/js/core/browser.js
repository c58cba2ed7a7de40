/** What only a browser does: files handed out, files chosen, the clipboard. */

import { el } from "./dom.js";

/** Hand a file to whoever sits here. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Files that somebody chooses; an empty list when nobody does. `accept` as for an input. */
export function choose({ accept = "", multiple = false, directory = false } = {}) {
  return new Promise((chosen) => {
    const input = el("input", { type: "file", accept, multiple, webkitdirectory: directory });
    input.addEventListener("change", () => chosen([...input.files]));
    input.addEventListener("cancel", () => chosen([]));
    input.click();
  });
}

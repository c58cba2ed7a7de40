/** Files that are dropped or chosen become the text that is worked on. */

import { choose } from "../core/browser.js";
import { el } from "../core/dom.js";
import { note, told } from "../core/notes.js";
import { opening } from "../core/opening.js";
import { readAll } from "../core/reading.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

export const ACCEPTED = ".pdf,.docx,.odt,.rtf,.doc,.md,.txt,.rst,.tex,.html,.xhtml,.epub";

/** Read a file; true when its text is there. What cannot be read is said in words, and the old text stays. */
export async function openFile(file) {
  const { signal } = opening();
  const said = t("drop.reading", { name: file.name });
  const shown = el("div", { class: "opening note" }, el("span", {}, said), el("progress", { "aria-label": said }));
  document.getElementById("notes").append(shown);
  const found = await told(() => readAll([file], () => null, signal)).finally(() => shown.remove());
  if (!found || signal.aborted) return false;
  const { read: [read], failed: [failed] } = found;
  if (failed) {
    note(failed.message, "error");
    return false;
  }
  const { text, pages, quoted } = read;
  // What a file says of its own title is often what some program left there; its name is what people know it by.
  const title = file.name.replace(/\.[^.]+$/, "") || file.name;
  state.setDocument({ text, title, file, pages, quoted });
  return true;
}

/** Let somebody choose a file and read it. */
export async function chooseFile() {
  const [file] = await choose({ accept: ACCEPTED });
  return file ? openFile(file) : false;
}

/** Files may be dropped anywhere in the window. Returns a function that ends this. */
export function dropping(opened = openFile) {
  const veil = el("div", { class: "veil", "aria-hidden": "true" }, el("p", {}, t("drop.here")));
  const ending = new AbortController();
  const heard = (event, listener) => window.addEventListener(event, (each) => {
    if (!each.dataTransfer?.types.includes("Files")) return;
    // Before the editor sees it: it would put the bytes of the file into the text.
    each.preventDefault();
    each.stopPropagation();
    listener(each);
  }, { capture: true, signal: ending.signal });
  heard("dragenter", () => document.body.append(veil));
  heard("dragover", (event) => Object.assign(event.dataTransfer, { dropEffect: "copy" }));
  heard("dragleave", (event) => event.relatedTarget === null && veil.remove());
  heard("drop", (event) => {
    veil.remove();
    taken([...event.dataTransfer.files], opened);
  });
  return () => ending.abort();
}

function taken(files, opened) {
  if (files.length > 1) note(t("drop.one", { name: files[0].name, count: files.length }));
  if (files.length) opened(files[0]);
}

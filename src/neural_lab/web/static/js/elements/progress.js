/** How far the reading of a text is: a bar, and words that are also spoken. */

import { el } from "../core/dom.js";
import { count } from "../core/numbers.js";
import { LONG } from "../core/prefixes.js";
import { t } from "../core/words.js";

/** `{bar, said, show(status, stale)}`; `status` is that of core/checking.js, `stale`: the text was edited since. */
export function progress() {
  const bar = el("progress", { class: "reading", "aria-label": t("check.progress") });
  const said = el("p", { class: "said", role: "status" });
  return { bar, said, show };

  function show(status, stale) {
    const { phase, read, total } = status;
    bar.hidden = phase !== "reading" && phase !== "waiting";
    if (read) Object.assign(bar, { max: total, value: read });
    else bar.removeAttribute("value");
    const words = sentence(status, stale);
    if (said.textContent !== words) said.textContent = words;
    said.classList.toggle("failed", phase === "failed");
  }
}

/** A text that is not long is read in a moment: of that nothing is said. */
function sentence({ phase, read, total, seconds, said }, stale) {
  const values = { read: count(read), total: count(total), seconds };
  if (phase === "failed") return said;
  if (phase === "waiting") return t("check.waiting", values);
  if (phase === "reading") return total > LONG ? t(read ? "check.read" : "check.reading", values) : "";
  if (phase === "stopped" && read) return t("check.stopped", values);
  return stale ? t("check.stale") : "";
}

/** Long work that people see: how far it is, at what, and a button that stops it. */

import { el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { t } from "../core/words.js";

/**
 * Do `work(watch, signal)` while `place` shows its progress; `watch(done, total, name)` moves it.
 * Gives back what `work` gives, or undefined when it was stopped or failed, which is said in words.
 */
export async function task(place, work) {
  const stopping = new AbortController();
  const bar = el("progress", { max: 1, value: 0, "aria-label": t("task.progress") });
  const said = el("p", { class: "soft", dir: "auto" });
  const stop = el("button", { on: { click: () => stopping.abort() } }, t("actions.cancel"));
  fill(place, el("div", { class: "task" }, bar, el("div", { class: "buttons between" }, said, stop)));
  const watch = (done, total, name) => {
    Object.assign(bar, { max: Math.max(total, 1), value: done });
    fill(said, t("task.step", { done, total }), name ? ` · ${name}` : "");
  };
  const found = await told(() => work(watch, stopping.signal));
  fill(place);
  return found;
}

/** What could not be read, and why. */
export function failures(failed) {
  if (!failed.length) return null;
  const items = failed.map(({ name, message }) => el("li", { dir: "auto" }, el("b", {}, name), `: ${message}`));
  return el("details", { class: "card", open: true }, el("summary", {}, t("task.failed", { count: failed.length })), el("ul", {}, items));
}

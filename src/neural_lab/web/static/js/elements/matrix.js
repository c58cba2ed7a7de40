/** Shares of every pair of documents: the colour says it at a glance, the number says it. */

import { el } from "../core/dom.js";
import { share } from "../core/numbers.js";
import { t } from "../core/words.js";

/** `cohort` as the service compares; `open(a, b)` shows a pair that shares anything. */
export function matrix(cohort, open) {
  const names = cohort.documents.map((document) => document.title || document.path);
  const head = names.map((name, at) => el("th", { scope: "col", title: name }, el("abbr", { title: name }, at + 1)));
  const rows = cohort.matrix.map((shares, a) =>
    el("tr", {}, el("th", { scope: "row", dir: "auto" }, `${a + 1} · ${names[a]}`), shares.map((part, b) => cell(part, a, b, names, open))));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("cohort.matrix") },
    el("table", { class: "matrix" }, el("thead", {}, el("tr", {}, el("td", {}), head)), el("tbody", {}, rows)));
}

function cell(part, a, b, names, open) {
  if (a === b) return el("td", {}, "–");
  if (!part) return el("td", { class: "p0" }, "0%");
  const said = t("cohort.cell", { a: names[a], b: names[b], share: share(part) });
  return el("td", { class: `p${Math.round(100 * part)}` }, el("button", { "aria-label": said, on: { click: () => open(a, b) } }, share(part)));
}

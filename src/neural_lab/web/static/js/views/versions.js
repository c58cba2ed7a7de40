/** Two kept reports beside each other: what changed in the text, and what that did to its number. */

import { get } from "../core/api.js";
import { diff } from "../core/diff.js";
import { el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { moment, percent } from "../core/numbers.js";
import { look } from "../core/scale.js";
import { t } from "../core/words.js";

export async function render(root, [first, second]) {
  const entry = (number) => get(`/v1/history/${encodeURIComponent(number)}`);
  const found = await told(() => Promise.all([entry(first), entry(second)]));
  fill(root, el("h1", {}, t("views.versions")), found ? shown(found) : el("p", { class: "empty" }, t("versions.missing")));
}

function shown(entries) {
  const sides = entries.map((entry) => entry.report?.sentences ?? []);
  if (!sides.every((sentences) => sentences.length)) return el("p", { class: "empty" }, t("versions.no_sentences"));
  const runs = diff(...sides.map((sentences) => sentences.map(({ text }) => text)));
  return [
    el("div", { class: "sides heads" }, entries.map(head)),
    el("p", {}, counted(runs)),
    el("table", { class: "versions" }, el("caption", { class: "unseen" }, t("views.versions")), el("tbody", {}, runs.flatMap((run) => rows(run, sides)))),
  ];
}

function head({ title, created, report, verdict }) {
  const number = verdict === "inconclusive" ? "–" : percent(report.probability);
  return el("section", { class: "card" }, el("h2", { dir: "auto" }, title || t("history.untitled")), el("p", { class: "soft" }, moment(created)),
    el("p", {}, el("b", {}, number), ` · ${t(`history.verdicts.${verdict}`)}`));
}

function counted(runs) {
  const sum = (kind, side) => runs.filter((run) => run.kind === kind).reduce((total, run) => total + run[side][1] - run[side][0], 0);
  return t("versions.counted", { same: sum("same", "a"), gone: sum("changed", "a"), come: sum("changed", "b") });
}

/** What stayed line by line; of what changed, the old sentences beside the new ones. */
function rows(run, [left, right]) {
  const [a, b] = [left.slice(...run.a), right.slice(...run.b)];
  const size = Math.max(a.length, b.length);
  return Array.from({ length: size }, (_, at) => el("tr", { class: run.kind }, cell(a[at], run.kind, "gone"), cell(b[at], run.kind, "come")));
}

function cell(sentence, kind, side) {
  if (!sentence) return el("td", {});
  const sign = kind === "same" ? null : el("span", { class: `sign ${side}` }, t(`versions.${side}`));
  return el("td", { dir: "auto" }, sign, el("span", { class: look(sentence) }, sentence.text), " ", el("small", { class: "soft" }, percent(sentence.probability)));
}

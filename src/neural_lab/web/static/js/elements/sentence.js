/** One sentence: its number, its signals, every step that led to the number, and its neighbours. */

import { waterfall } from "../charts/waterfall.js";
import { el } from "../core/dom.js";
import { fixed, percent } from "../core/numbers.js";
import { look, sign } from "../core/scale.js";
import { t } from "../core/words.js";

const NEAR = 2;

/** `names` gives words for a signal's or contribution's key; `reveal(index)` goes to another sentence. */
export function sentenceCard(report, index, names, reveal) {
  const sentence = report.sentences[index];
  return el("section", { class: "card sentence", "aria-label": t("result.sentence", { index: index + 1 }), tabindex: "-1" },
    heading(report, sentence, reveal),
    el("blockquote", { class: look(sentence), dir: "auto" }, sentence.text),
    el("p", {}, el("b", {}, percent(sentence.probability)), ` · ${t(`result.${sign(sentence)}`)}`),
    evidence(report, sentence),
    el("h3", {}, t("waterfall.title")),
    waterfall(sentence.contributions, names),
    signals(sentence, names),
    neighbours(report, index, reveal));
}

function heading(report, { index }, reveal) {
  const step = (at, said) =>
    el("button", { disabled: !(at in report.sentences), on: { click: () => reveal(at) } }, t(said));
  return el("div", { class: "buttons between" }, el("h2", {}, t("result.sentence", { index: index + 1 })),
    el("div", { class: "buttons" }, step(index - 1, "result.previous"), step(index + 1, "result.next")));
}

function signals({ signals: known }, names) {
  const rows = Object.entries(known).map(([key, value]) =>
    el("tr", {}, el("th", { scope: "row" }, names(key)), el("td", { class: "number" }, fixed(value))));
  return el("details", { class: "its-signals" }, el("summary", {}, t("result.signals")), el("table", {}, el("tbody", {}, rows)));
}

function evidence(report, { start, end }) {
  const found = report.human_evidence.filter((slip) => slip.start < end && slip.end > start);
  if (!found.length) return null;
  const items = found.map((slip) => el("li", {}, slip.detail));
  return el("div", { class: "evidence" }, el("h3", {}, t("result.evidence")), el("ul", {}, items),
    el("p", { class: "soft" }, t("result.evidence_note")));
}

function neighbours(report, index, reveal) {
  const first = Math.max(index - NEAR, 0);
  const near = report.sentences.slice(first, index + NEAR + 1).filter((each) => each.index !== index);
  const items = near.map((each) =>
    el("li", {}, el("button", { class: "plain neighbour", on: { click: () => reveal(each.index) } },
      el("span", { class: look(each), dir: "auto" }, each.text), ` ${percent(each.probability)}`)));
  return el("details", { class: "its-neighbours", open: true }, el("summary", {}, t("result.neighbours")), el("ul", { class: "bare" }, items));
}

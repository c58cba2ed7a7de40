/** What is marked on the pages of a PDF, and what that looks like: sentences of a report, or passages of an audit. */

import { svg } from "../core/dom.js";
import { percent } from "../core/numbers.js";
import { countUntil } from "../core/offsets.js";
import { look, sign } from "../core/scale.js";
import { t } from "../core/words.js";
import { layers } from "./marked-text.js";

/**
 * The sentences of a result, and the findings in them, as `{start, end, key, look, said, text}`; `key` is the index of
 * the sentence.
 */
export function sentenceMarks(result, provisional) {
  if (!result?.shown?.measurable) return [];
  const { sentences, findings, human_evidence: slips } = result.document;
  const notices = [...findings, ...slips].map((each) => noticeMark(each, sentences));
  return [...sentences.map((each) => sentenceMark(each, provisional)), ...notices];
}

function sentenceMark(sentence, provisional) {
  const { start, end, index, text, probability } = sentence;
  const said = t("pages.sentence", { percent: percent(probability), sign: t(`result.${sign(sentence)}`) });
  return { start, end, key: index, look: `${look(sentence)}${provisional ? " provisional" : ""}`, said, text };
}

function noticeMark({ start, end, kind, detail }, sentences) {
  const around = sentences[countUntil(sentences.length, (at) => sentences[at].end <= start)];
  const key = around && around.start < end ? around.index : null;
  return { start, end, key, look: `notice ${kind}`, said: t(`findings.${kind}`), text: detail };
}

/** The passages of an audit, the strongest where several lie; `key` is the number of the match, or null. */
export function passageMarks(audit, piece) {
  const found = audit ? layers(audit).filter(({ mark }) => mark) : [];
  return found.map(({ start, end, mark }) => {
    const said = t(`integrity.kinds.${mark.look}`);
    return { start, end, key: mark.number, look: `m ${mark.look}`, said, text: piece({ start, end }) };
  });
}

/**
 * A layer to lie over a page of `width` and `height` points. `marks` are those above with the `shapes` around them,
 * `press(key)` is called for one that is pressed. One of them can be reached by Tab, the others by arrow keys.
 */
export function overlay({ width, height, label, marks, press }) {
  const given = { class: "marks", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label };
  const layer = svg("svg", given, marks.map(drawn));
  layer.firstElementChild?.setAttribute("tabindex", "0");
  layer.addEventListener("click", ({ target }) => pressed(target.closest("[data-key]"), press));
  layer.addEventListener("keydown", (event) => keyed(event, layer, press));
  return layer;
}

function drawn({ key, look: kind, said, text, shapes }) {
  const given = { class: `mark ${kind}`, role: key === null ? "img" : "button", tabindex: "-1", "data-key": key ?? "" };
  const shown = [svg("title", {}, said), shapes.map(area), shapes.map(underline)];
  return svg("g", { ...given, "aria-label": `${said}: ${text}` }, shown);
}

function area(corners) {
  return svg("polygon", { points: corners.map((corner) => corner.map(short).join(",")).join(" ") });
}

function underline([, , [x1, y1], [x2, y2]]) {
  return svg("line", { x1: short(x1), y1: short(y1), x2: short(x2), y2: short(y2) });
}

const short = (number) => number.toFixed(2);

function pressed(mark, press) {
  if (mark?.dataset.key) press(Number(mark.dataset.key));
}

function keyed(event, layer, press) {
  const mark = event.target.closest("[data-key]");
  if (!mark || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === " ") pressed(mark, press);
  else if (!moved(event.key, mark, layer)) return;
  event.preventDefault();
}

/** Whether a key that moves was pressed; the mark it leads to is then the one that Tab reaches. */
function moved(key, mark, layer) {
  const { nextElementSibling: next, previousElementSibling: before } = mark;
  const ways = { ArrowRight: next, ArrowDown: next, ArrowLeft: before, ArrowUp: before, Home: layer.firstElementChild,
    End: layer.lastElementChild };
  if (!(key in ways)) return false;
  mark.setAttribute("tabindex", "-1");
  const found = ways[key] ?? mark;
  found.setAttribute("tabindex", "0");
  found.focus();
  return true;
}

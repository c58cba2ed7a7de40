/** What is marked on the pages of a PDF, and what that looks like: sentences of a report, or passages of an audit. */

import { svg } from "../core/dom.js";
import { percent } from "../core/numbers.js";
import { look, sign } from "../core/scale.js";
import { t } from "../core/words.js";
import { layers } from "./marked-text.js";

/** The sentences of a result as `{start, end, key, look, said}`; `key` is their index. */
export function sentenceMarks(result, provisional) {
  if (!result?.shown?.measurable) return [];
  return result.document.sentences.map((sentence) => {
    const { start, end, index, text, probability } = sentence;
    const said = t("pages.sentence", { percent: percent(probability), sign: t(`result.${sign(sentence)}`) });
    return { start, end, key: index, look: `${look(sentence)}${provisional ? " provisional" : ""}`, said, text };
  });
}

/** The passages of an audit, where they lie over one another the strongest; `key` is the number of the match, or null. */
export function passageMarks(audit, text) {
  if (!audit) return [];
  const found = layers(audit).filter(({ mark }) => mark);
  return found.map(({ start, end, mark }) => ({ start, end, key: mark.number, look: `m ${mark.look}`, said: t(`integrity.kinds.${mark.look}`), text: text(start, end) }));
}

/**
 * A layer to lie over a page of `width` and `height` points. `marks` are those above with the `shapes` around them,
 * `press(key)` is called for one that is pressed. One of them can be reached by Tab, the others by arrow keys.
 */
export function overlay({ width, height, label, marks, press }) {
  const layer = svg("svg", { class: "marks", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label }, marks.map(drawn));
  layer.firstElementChild?.setAttribute("tabindex", "0");
  layer.addEventListener("click", ({ target }) => pressed(target.closest("[data-key]"), press));
  layer.addEventListener("keydown", (event) => keyed(event, layer, press));
  return layer;
}

function drawn({ key, look: kind, said, text, shapes }) {
  const given = { class: `mark ${kind}`, role: key === null ? "img" : "button", tabindex: "-1", "data-key": key ?? "", "aria-label": `${said}: ${text}` };
  const areas = shapes.map((corners) => svg("polygon", { points: corners.map((corner) => corner.map(short).join(",")).join(" ") }));
  const lines = shapes.map(([, , [x1, y1], [x2, y2]]) => svg("line", { x1: short(x1), y1: short(y1), x2: short(x2), y2: short(y2) }));
  return svg("g", given, svg("title", {}, said), areas, lines);
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

function moved(key, mark, layer) {
  const marks = { ArrowRight: mark.nextElementSibling, ArrowDown: mark.nextElementSibling, ArrowLeft: mark.previousElementSibling,
    ArrowUp: mark.previousElementSibling, Home: layer.firstElementChild, End: layer.lastElementChild };
  if (!(key in marks)) return false;
  const next = marks[key] ?? mark;
  mark.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
  return true;
}

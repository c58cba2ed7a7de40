/** A map of a document: each block a run of sentences, as wide as it is long and as high as it is probable. */

import { el, svg } from "../core/dom.js";
import { percent } from "../core/numbers.js";
import { t } from "../core/words.js";
import { columns } from "./columns.js";
import { chart, linear, rect } from "./frame.js";

const WIDTH = 640;
const HEIGHT = 96;
const BASE = 80;
const MOST = 320;

export function map(report, reveal) {
  const { sentences } = report;
  const [start, end] = [sentences[0].start, sentences.at(-1).end];
  const x = linear(start, end, 4, WIDTH - 4);
  const blocks = columns(sentences, MOST).map((column) => block(column, x, reveal));
  const level = BASE - 72 * report.probability;
  const mean = svg("line", { x1: 4, x2: WIDTH - 4, y1: level, y2: level, class: "even" });
  const found = regions(sentences);
  const said = t("map.said", { count: found.length, probability: percent(report.probability) });
  return el("figure", { class: "map" }, chart(said, WIDTH, HEIGHT, rect(4, BASE, WIDTH - 8, 1, { class: "rail" }), blocks, mean),
    el("figcaption", { class: "soft" }, t("map.legend")), list(found, reveal));
}

function block({ sentences }, x, reveal) {
  const highest = sentences.reduce((best, each) => (each.probability > best.probability ? each : best));
  const [left, right] = [x(sentences[0].start), x(sentences.at(-1).end)];
  const size = Math.max(72 * highest.probability, 1.5);
  const shape = rect(left, BASE - size, Math.max(right - left - 0.5, 0.6), size, { class: `block p${Math.round(100 * highest.probability)}` });
  const flag = sentences.some((each) => each.flagged) && rect(left, BASE + 5, Math.max(right - left, 1), 5, { class: "up" });
  const whole = svg("g", { class: "pick" }, shape, flag);
  whole.addEventListener("click", () => reveal(highest.index));
  return whole;
}

/** Runs of flagged sentences: `{first, last, probability}`. */
export function regions(sentences) {
  const found = [];
  for (const each of sentences) {
    const last = found.at(-1);
    if (!each.flagged) continue;
    if (last && last.last === each.index - 1) {
      last.last = each.index;
      last.probability = Math.max(last.probability, each.probability);
    } else found.push({ first: each.index, last: each.index, probability: each.probability });
  }
  return found;
}

/** The same for fingers and ears: a button for each region. */
function list(found, reveal) {
  if (!found.length) return null;
  const buttons = found.map(({ first, last, probability }) => {
    const said = first === last ? t("map.one", { first: first + 1 }) : t("map.run", { first: first + 1, last: last + 1 });
    return el("li", {}, el("button", { on: { click: () => reveal(first) } }, `${said} · ${percent(probability)}`));
  });
  return el("details", {}, el("summary", {}, t("map.regions", { count: found.length })), el("ul", { class: "regions" }, buttons));
}

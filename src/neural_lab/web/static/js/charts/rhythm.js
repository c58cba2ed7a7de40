/** The rhythm of a text: how long its sentences are, and how much each surprises, from beginning to end. */

import { el, svg } from "../core/dom.js";
import { t } from "../core/words.js";
import { columns, mean } from "./columns.js";
import { chart, label, line, linear, rect } from "./frame.js";

const WIDTH = 640;
const HEIGHT = 150;
const BASE = 128;
const MOST = 160;

export const words = (sentence) => Math.round(Math.expm1(sentence.signals.sentence_length ?? 0));

/** `reveal(index)` is called with the first sentence of a column that is pressed. */
export function rhythm(sentences, reveal) {
  const found = columns(sentences, MOST).map((column) => ({
    ...column,
    words: mean(column.sentences, words) ?? 0,
    surprise: mean(column.sentences, (each) => each.signals.log_perplexity),
  }));
  const x = linear(0, found.length, 6, WIDTH - 6);
  const height = linear(0, Math.max(...found.map((each) => each.words), 1), 0, BASE - 14);
  const bars = found.map((each, at) => bar(each, x(at), x(at + 1) - x(at), height(each.words), reveal));
  return el("figure", { class: "rhythm" },
    chart(said(found), WIDTH, HEIGHT, bars, curve(found, x), axis(), label(6, HEIGHT - 4, t("rhythm.start")),
      label(WIDTH - 6, HEIGHT - 4, t("rhythm.end"), { "text-anchor": "end" })),
    el("figcaption", { class: "soft" }, t("rhythm.legend")));
}

function bar(column, x, width, height, reveal) {
  const shown = rect(x + 0.4, BASE - height, Math.max(width - 0.8, 0.6), height, { class: "bar" });
  shown.addEventListener("click", () => reveal(column.sentences[0].index));
  return shown;
}

function curve(found, x) {
  const known = found.map((each, at) => [(x(at) + x(at + 1)) / 2, each.surprise]).filter(([, value]) => value !== null);
  if (known.length < 2) return null;
  const values = known.map(([, value]) => value);
  const y = linear(Math.min(...values), Math.max(...values), BASE - 6, 12);
  return svg("path", { d: line(known.map(([place, value]) => [place, y(value)])), class: "surprise" });
}

const axis = () => svg("line", { x1: 6, x2: WIDTH - 6, y1: BASE, y2: BASE, class: "axis" });

function said(found) {
  const lengths = found.map((each) => each.words);
  const [low, high] = [Math.min(...lengths), Math.max(...lengths)];
  return t("rhythm.said", { low: Math.round(low), high: Math.round(high) });
}

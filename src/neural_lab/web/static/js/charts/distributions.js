/** Where a text lies among texts of known origin: one small picture for each signal. */

import { el, svg } from "../core/dom.js";
import { t } from "../core/words.js";
import { below, density } from "./density.js";
import { chart, clamp, label, line, linear, rect } from "./frame.js";

const WIDTH = 300;
const HEIGHT = 92;
const BASE = 74;
const POINTS = 80;
export const KINDS = ["human", "machine"];

/** Cards for `signals`, each `{key, name, explanation, value, shown}`; without distributions only their numbers. */
export function distributions(signals, known) {
  return el("div", { class: "signals" }, signals.map((signal) => card(signal, known)));
}

function card(signal, known) {
  const curves = known?.signals[signal.key];
  return el("section", { class: "card signal" },
    el("h3", {}, signal.name, " ", el("b", {}, signal.shown)),
    curves ? picture(signal, known.levels, curves) : null,
    el("p", { class: "soft" }, signal.explanation));
}

function picture(signal, levels, curves) {
  const [low, high] = reach(curves, signal.value);
  const places = Array.from({ length: POINTS }, (_, at) => low + ((high - low) * at) / (POINTS - 1));
  const heights = KINDS.map((kind) => density(levels, curves[kind], places));
  const x = linear(low, high, 4, WIDTH - 4);
  const y = linear(0, Math.max(...heights.flat()), BASE, 8);
  const areas = heights.map((values, at) => area(places.map(x), values.map(y), KINDS[at]));
  const value = x(clamp(signal.value, low, high));
  return chart(said(signal, levels, curves), WIDTH, HEIGHT, areas,
    svg("line", { x1: 4, x2: WIDTH - 4, y1: BASE, y2: BASE, class: "axis" }),
    rect(value - 1.5, 4, 3, BASE - 4, { class: "dot" }),
    label(4, HEIGHT - 4, low.toFixed(2)), label(WIDTH - 4, HEIGHT - 4, high.toFixed(2), { "text-anchor": "end" }));
}

function area(xs, ys, kind) {
  const points = xs.map((x, at) => [x, ys[at]]);
  return svg("path", { d: `${line([[xs[0], BASE], ...points, [xs[xs.length - 1], BASE]])}Z`, class: `curve ${kind}` });
}

/** From the lowest to the highest of both, a little beyond, and at least as far as the text itself. */
function reach(curves, value) {
  const ends = KINDS.flatMap((kind) => [curves[kind][0], curves[kind].at(-1)]);
  const [low, high] = [Math.min(...ends, value), Math.max(...ends, value)];
  const room = 0.06 * (high - low || 1);
  return [low - room, high + room];
}

function said(signal, levels, curves) {
  const share = (kind) => Math.round(100 * below(levels, curves[kind], signal.value));
  return t("signals.said", { name: signal.name, value: signal.shown, human: share("human"), machine: share("machine") });
}

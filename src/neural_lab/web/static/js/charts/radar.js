/** The signals of a text around a circle, beside the medians of human and of machine texts. */

import { svg } from "../core/dom.js";
import { t } from "../core/words.js";
import { chart, clamp, label, line, linear } from "./frame.js";

const SIZE = 340;
const MIDDLE = SIZE / 2;
const LEAST = 12;
const MOST = 125;
/** So many half-widths of the usual range lie between the middle of the picture's scale and its ends. */
const REACH = 1.6;

/** `signals` as the service says them, `reference` `{key: {human: [p10, p50, p90], machine: […]}}`. */
export function radar(signals, reference) {
  const axes = signals.map((signal) => ({ ...signal, axis: axis(reference[signal.key]) }));
  const ring = (kind) => shape(axes.map(({ key, axis: to }) => to(reference[key][kind][1])), `ring ${kind}`);
  const reached = axes.map(({ value, axis: to }) => to(value));
  const said = t("radar.said", { signals: axes.map(({ name: named }, at) => `${named}: ${side(reached[at])}`).join("; ") });
  return chart(said, SIZE + 160, SIZE, svg("g", { transform: "translate(80 0)" },
    axes.map((_, at) => spoke(at, axes.length)), ring("human"), ring("machine"), shape(reached, "shape"),
    reached.map((radius, at) => dot(...place(at, axes.length, radius))),
    axes.map(({ name: named }, at) => name(named, at, axes.length))));
}

/**
 * From a signal's values to distances from the middle: outwards is the side of machine texts. What is usual for
 * either kind, from the 10th to the 90th percentile, has the same size on every axis, so that signals that hardly
 * tell the kinds apart have medians that nearly meet.
 */
export function axis({ human, machine }) {
  const middle = (human[1] + machine[1]) / 2;
  const half = Math.max(human[2] - human[0], machine[2] - machine[0]) / 2 || 1;
  const outwards = machine[1] >= human[1] ? 1 : -1;
  const scale = linear(-REACH, REACH, LEAST, MOST);
  return (value) => clamp(scale((outwards * (value - middle)) / half), LEAST, MOST);
}

function side(reached) {
  return reached < (LEAST + MOST) / 2 ? t("radar.human") : t("radar.machine");
}

function shape(reached, look) {
  const points = reached.map((radius, at) => place(at, reached.length, radius));
  return svg("path", { d: `${line(points)}Z`, class: look });
}

function place(at, count, reached) {
  const angle = (2 * Math.PI * at) / count - Math.PI / 2;
  return [MIDDLE + reached * Math.cos(angle), MIDDLE + reached * Math.sin(angle)];
}

function spoke(at, count) {
  const [x, y] = place(at, count, MOST);
  return svg("line", { x1: MIDDLE, y1: MIDDLE, x2: x, y2: y, class: "rule" });
}

const dot = (x, y) => svg("circle", { cx: x, cy: y, r: 4, class: "dot" });

function name(said, at, count) {
  const [x, y] = place(at, count, MOST + 14);
  const anchor = Math.abs(x - MIDDLE) < 20 ? "middle" : x < MIDDLE ? "end" : "start";
  return label(x, y + 4, said, { "text-anchor": anchor });
}

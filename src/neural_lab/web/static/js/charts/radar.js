/** The signals of a text around a circle, between the median of human and that of machine texts. */

import { svg } from "../core/dom.js";
import { t } from "../core/words.js";
import { chart, clamp, label, line, linear } from "./frame.js";

const SIZE = 340;
const MIDDLE = SIZE / 2;
const HUMAN = 45;
const MACHINE = 95;
const MOST = 125;

/** `signals` as the service says them, `reference` `{key: {human: [p10, p50, p90], machine: […]}}`. */
export function radar(signals, reference) {
  const known = signals.filter(({ key }) => reference[key]?.human[1] !== reference[key]?.machine[1]);
  const reached = known.map((signal) => radius(signal.value, reference[signal.key]));
  const said = t("radar.said", { signals: known.map((s, at) => `${s.name}: ${side(reached[at])}`).join("; ") });
  return chart(said, SIZE + 160, SIZE, svg("g", { transform: "translate(80 0)" },
    ring(known.length, HUMAN, "human"), ring(known.length, MACHINE, "machine"),
    known.map((_, at) => spoke(at, known.length)),
    svg("path", { d: `${line(reached.map((r, at) => place(at, known.length, r)))}Z`, class: "shape" }),
    reached.map((r, at) => dot(...place(at, known.length, r))),
    known.map((signal, at) => name(signal.name, at, known.length))));
}

/** Human texts' median lies on the inner ring, machine texts' on the outer one; the scale goes on beyond both. */
export function radius(value, { human, machine }) {
  return clamp(linear(human[1], machine[1], HUMAN, MACHINE)(value), 8, MOST);
}

function side(reached) {
  return reached < (HUMAN + MACHINE) / 2 ? t("radar.human") : t("radar.machine");
}

function place(at, count, reached) {
  const angle = (2 * Math.PI * at) / count - Math.PI / 2;
  return [MIDDLE + reached * Math.cos(angle), MIDDLE + reached * Math.sin(angle)];
}

function ring(count, reached, kind) {
  const points = Array.from({ length: count }, (_, at) => place(at, count, reached));
  return svg("path", { d: `${line(points)}Z`, class: `ring ${kind}` });
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

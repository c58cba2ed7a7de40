/** The probability of a text on its scale, with the cut points it was judged by. */

import { svg } from "../core/dom.js";
import { percent } from "../core/numbers.js";
import { t } from "../core/words.js";
import { chart, label, line, linear, rect } from "./frame.js";

const WIDTH = 480;
const TOP = 26;

export function gauge(report) {
  const x = linear(0, 1, 8, WIDTH - 8);
  const point = report.operating_point;
  const cuts = point.document < 1 ? [[point.document, t("gauge.document")]] : [];
  const said = t("gauge.said", { probability: percent(report.probability), cut: percent(point.document) });
  const ends = [label(8, TOP + 32, t("gauge.human")), label(WIDTH - 8, TOP + 32, t("gauge.machine"), { "text-anchor": "end" })];
  return chart(said, WIDTH, TOP + 36, ground(x), ends, cuts.map((cut) => mark(x, ...cut)), needle(x(report.probability)));
}

/** Blue over grey to orange in small steps; the needle, not the colour, carries the number. */
function ground(x) {
  const steps = Array.from({ length: 40 }, (_, at) => at / 40);
  return steps.map((from) => rect(x(from), TOP, x(1 / 40) - x(0) + 0.5, 14, { class: `ground p${Math.round(100 * from)}` }));
}

function mark(x, value, said) {
  const place = x(value);
  const near = place > WIDTH - 90 ? "end" : "middle";
  return [
    svg("line", { x1: place, x2: place, y1: TOP - 6, y2: TOP + 20, class: "cut" }),
    label(place, TOP - 11, said, { "text-anchor": near }),
  ];
}

function needle(place) {
  return svg("path", { d: `${line([[place - 7, TOP - 8], [place + 7, TOP - 8], [place, TOP + 4]])}Z`, class: "dot" });
}

/** How a sentence came to its number: every contribution a step, and all of them together its log-odds. */

import { el, svg } from "../core/dom.js";
import { signed } from "../core/numbers.js";
import { t } from "../core/words.js";
import { chart, label, linear, rect } from "./frame.js";

const WIDTH = 520;
const ROW = 24;
const LEFT = 190;
const SHOWN = 9;

/** `names` gives the words for a contribution's key. */
export function waterfall(contributions, names) {
  const found = steps(contributions);
  const ends = found.flatMap(({ from, to }) => [from, to]);
  const x = linear(Math.min(0, ...ends), Math.max(0, ...ends), LEFT, WIDTH - 50);
  const rows = found.map((step, at) => row(step, at, x, names));
  const zero = svg("line", { x1: x(0), x2: x(0), y1: 0, y2: ROW * found.length, class: "even" });
  return el("figure", { class: "waterfall" },
    chart(t("waterfall.said"), WIDTH, ROW * found.length + 4, zero, rows), table(found, names));
}

/**
 * The starting point, the strongest contributions, the sum of the others, and the sum of all, each
 * `{key, value, from, to}` in log-odds; `from` and `to` are where the step begins and ends.
 */
export function steps(contributions) {
  const { bias = 0, ...rest } = contributions;
  const moved = Object.entries(rest).filter(([, value]) => value);
  moved.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const others = moved.slice(SHOWN).reduce((sum, [, value]) => sum + value, 0);
  const kept = [["bias", bias], ...moved.slice(0, SHOWN), ...(others ? [["others", others]] : [])];
  let at = 0;
  const found = kept.map(([key, value]) => ({ key, value, from: at, to: (at += value) }));
  return [...found, { key: "sum", value: at, from: 0, to: at }];
}

function row({ key, value, from, to }, at, x, names) {
  const y = at * ROW;
  const [left, right] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
  const kind = key === "sum" ? "dot" : value < 0 ? "down" : "up";
  return svg("g", {},
    label(LEFT - 8, y + 16, names(key), { "text-anchor": "end", class: key === "sum" ? "strong" : "label" }),
    rect(left, y + 5, Math.max(right - left, 1), ROW - 10, { class: kind }),
    label(right + 5, y + 16, signed(value)));
}

function table(found, names) {
  const rows = found.map(({ key, value }) => el("tr", {}, el("th", { scope: "row" }, names(key)), el("td", { class: "number" }, signed(value))));
  return el("div", { class: "unseen" }, el("table", {}, el("caption", {}, t("waterfall.said")), el("tbody", {}, rows)));
}

/** Shares of a text's characters: like machine writing, between, like human writing. */

import { el, svg } from "../core/dom.js";
import { t } from "../core/words.js";
import { chart, linear, rect } from "./frame.js";

const WIDTH = 480;
const HEIGHT = 22;
export const PARTS = ["machine", "mixed", "human"];

/** `shares` are the report's numbers, `shown` what the service says of them. */
export function breakdown(shares, shown) {
  return el("figure", { class: "breakdown" }, bar(shares, shown.line), legend(shown), el("figcaption", { class: "soft" }, shown.rule));
}

function bar(shares, said) {
  const x = linear(0, 1, 0, WIDTH);
  let at = 0;
  const blocks = PARTS.map((part) => {
    const block = rect(x(at), 0, x(shares[part]), HEIGHT, { class: `part ${part}` });
    at += shares[part];
    return block;
  });
  return chart(said, WIDTH, HEIGHT, hatch(), rect(0, 0, WIDTH, HEIGHT, { class: "rail" }), blocks);
}

/** Stripes: the middle is told apart without its colour. */
function hatch() {
  const stripe = svg("path", { d: "M0 6L6 0M-1 1L1 -1M5 7L7 5", class: "stripe" });
  return svg("defs", {}, svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, stripe));
}

function legend(shown) {
  const items = PARTS.map((part) =>
    el("li", {}, el("span", { class: `swatch ${part}`, "aria-hidden": "true" }), `${t(`breakdown.${part}`)} `, el("b", {}, shown[part])));
  return el("ul", { class: "keys" }, items);
}

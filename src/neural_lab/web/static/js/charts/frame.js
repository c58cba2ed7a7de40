/** What charts share: a picture with a name, scales, and paths. */

import { svg } from "../core/dom.js";

/** An SVG picture of `width` by `height` units that says `label` to whoever cannot see it. */
export function chart(label, width, height, ...children) {
  const given = { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "chart" };
  return svg("svg", given, ...children);
}

/** From values in [low, high] to places in [start, end], straight on beyond both. */
export function linear(low, high, start, end) {
  const size = high - low || 1;
  return (value) => start + ((value - low) / size) * (end - start);
}

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** The path through points `[x, y]`. */
export function line(points) {
  return points.map(([x, y], at) => `${at ? "L" : "M"}${round(x)} ${round(y)}`).join("");
}

export function rect(x, y, width, height, given = {}) {
  return svg("rect", { x: round(x), y: round(y), width: round(Math.max(width, 0)), height: round(height), ...given });
}

export function label(x, y, said, given = {}) {
  return svg("text", { x: round(x), y: round(y), class: "label", ...given }, said);
}

export const round = (value) => Math.round(100 * value) / 100;

/** Texts end their lines with CR, LF or both, the editor with LF alone: places are moved accordingly. */

import { countUntil } from "./offsets.js";

export class Lines {
  /** `given` is the text as it was read, `shown` the same as the editor has it. */
  constructor(given) {
    this.given = given;
    this.shown = unified(given);
    this.dropped = given.length === this.shown.length ? [] : pairs(given);
  }

  /** The UTF-16 offset in `shown` of one in `given`. */
  toShown(unit) {
    return unit - countUntil(this.dropped.length, (n) => this.dropped[n] < unit);
  }
}

export const unified = (text) => text.replace(/\r\n?/g, "\n");

function pairs(text) {
  return [...text.matchAll(/\r\n/g)].map((pair) => pair.index);
}

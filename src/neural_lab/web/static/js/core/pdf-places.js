/** Where on a page of a PDF that stands of which a report speaks. */

import { aligned, SURE } from "./pdf-align.js";
import { letters, lettersOf } from "./pdf-letters.js";
import { shapes, together } from "./pdf-lines.js";
import { inReadingOrder } from "./pdf-order.js";

/** The share of a passage's letters that has to be found, and how many at both its ends stand for the whole of it. */
const ENOUGH = 0.8;
const ENDS = 24;
/** A passage that is known by its ends may be so much longer on the page than in the text. */
const LONGER = 1.5;
const ALLOWED = 40;
/** What is wider between two letters is a space, in parts of their size. */
const ROOM = 0.2;

/** A page: the letters that stand on it, as of core/pdf-glyphs.js, and the text that was read from it. */
export class Places {
  constructor(glyphs, text) {
    this.glyphs = inReadingOrder(glyphs);
    this.text = text;
    this.there = letters(this.glyphs.map((glyph) => glyph.text));
    this.wanted = lettersOf(text);
    this.found = aligned(this.wanted.said, this.there.said, this.wanted.begins);
  }

  /**
   * The shapes around a passage, `from` to `to` in UTF-16 units of the text: none for one without letters, and null
   * where its place is not sure.
   */
  of({ from, to }) {
    const letter = (unit) => lowest(this.wanted.from, unit);
    const [first, last] = [letter(from), letter(to)];
    if (first === last) return [];
    const runs = this.#known(first, last) ?? this.#between(first, last) ?? this.#only(first, last);
    return runs && shapes(this.#written(runs, this.text.slice(from, to)));
  }

  /** Enough of its letters were found: runs of them, closed over what is missing inside. */
  #known(first, last) {
    const places = [...this.found.subarray(first, last)].filter((place) => place >= 0);
    if (places.length < ENOUGH * (last - first)) return null;
    const missing = last - first - places.length;
    const runs = [];
    for (const place of places) {
      const run = runs.at(-1);
      if (run && place > run[1] && place - run[1] <= 2 * missing + 3) run[1] = place;
      else runs.push([place, place]);
    }
    return runs;
  }

  /** Its beginning and its end were found, in this order and not too far from one another. */
  #between(first, last) {
    const size = Math.min(ENDS, Math.floor((last - first) / 2));
    if (size < SURE) return null;
    const [from, to] = [this.found[first], this.found[last - 1]];
    const whole = unbroken(this.found, first, size) && unbroken(this.found, last - size, size);
    const fits = to > from && to - from <= LONGER * (last - first) + ALLOWED;
    return whole && fits ? [[from, to]] : null;
  }

  /** A few letters that stand as a whole in one place alone. */
  #only(first, last) {
    const said = this.wanted.said.slice(first, last);
    const places = [];
    const next = (after) => this.there.said.indexOf(said, after);
    for (let at = next(0); at >= 0 && places.length < 2; at = next(at + 1)) {
      if (this.#parted(at) && this.#parted(at + said.length)) places.push([at, at + said.length - 1]);
    }
    return places.length === 1 ? places : null;
  }

  /** Whether something begins with this letter of the page: there is another sign, a gap, or another line before it. */
  #parted(at) {
    const { from } = this.there;
    if (at <= 0 || at >= from.length) return true;
    const [before, glyph] = [from[at - 1], from[at]];
    return glyph - before > 1 || gap(this.glyphs[before], this.glyphs[glyph]);
  }

  /** What is written from the first to the last letter of each run, and the signs at both ends of the passage. */
  #written(runs, passage) {
    const signs = { before: passage.match(/^\s*([^\p{L}\p{N}]*)/u)[1], after: passage.match(/([^\p{L}\p{N}]*)$/u)[1] };
    const last = runs.length - 1;
    return runs.flatMap(([from, to], at) => {
      const [first, end] = [this.there.from[from], this.there.from[to]];
      const before = at === 0 ? this.#signs(first, -1, bare(signs.before)) : 0;
      const after = at === last ? this.#signs(end, 1, bare(signs.after)) : 0;
      return this.glyphs.slice(first - before, end + after + 1);
    });
  }

  /** How many glyphs beside one are signs that stand right at it, `most` at most. */
  #signs(at, step, most) {
    let count = 0;
    for (let next = at + step; count < most && next in this.glyphs; next += step) {
      const { text } = this.glyphs[next];
      if (!text.trim() || letters([text]).said || gap(this.glyphs[next - step], this.glyphs[next])) break;
      count += 1;
    }
    return count;
  }
}

const bare = (signs) => [...signs.replace(/\s+/g, "")].length;

/** Whether there is room between two letters, or they stand on different lines. */
function gap(before, glyph) {
  if (!together(before, glyph)) return true;
  const size = Math.hypot(before.ux, before.uy);
  return Math.min(way(before, glyph), way(glyph, before)) > ROOM * size;
}

/** From where one letter ends to where another begins. */
const way = (one, other) => Math.hypot(other.x - one.x - one.dx, other.y - one.y - one.dy);

function unbroken(found, first, size) {
  for (let at = first; at < first + size; at += 1) {
    if (found[at] < 0 || (at > first && found[at] !== found[at - 1] + 1)) return false;
  }
  return true;
}

/** The first of ascending numbers that is not below `least`. */
function lowest(numbers, least) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A long text is first read as far as a few growing prefixes go, so that its beginning is shown soon. */

import { Offsets } from "./offsets.js";

/** UTF-16 units above which a text is long. */
export const LONG = 20_000;
const FIRST = 6_000;
const GROWTH = 4;
const LAST = 250_000;
/** A prefix that is nearly the whole would delay it for nothing. */
const MOST = 0.6;
/** How far in front of its size a prefix may end, so that it ends with a paragraph or a sentence. */
const REACH = 2_000;
const ENDS = [/\n\s*\n\s*/g, /[.!?\u2026\u3002\u061f]["')\]\u201d\u2019\u00bb]*\s+/g, /\s+/g];

/** Where the prefixes of `text` end, in UTF-16 units; none for a text that is not long. */
export function prefixes(text) {
  const found = [];
  if (text.length <= LONG) return found;
  for (let size = FIRST; size < Math.min(MOST * text.length, LAST); size *= GROWTH) found.push(cut(text, size));
  return found.filter((end) => text.slice(0, end).trim());
}

/** The end of the last paragraph within reach in front of `size`, else of the last sentence, word or character. */
export function cut(text, size) {
  const from = Math.max(size - REACH, 0);
  const near = text.slice(from, size);
  for (const end of ENDS) {
    const last = [...near.matchAll(end)].at(-1);
    if (last) return from + last.index + last[0].length;
  }
  return /[\ud800-\udbff]$/.test(near) ? size - 1 : size;
}

/** What of `spans` (in code points) lies in the prefix of `text` that ends at the UTF-16 offset `end`. */
export function clipped(spans, text, end) {
  const points = new Offsets(text).toPoint(end);
  const inside = spans.filter((span) => span.start < points);
  return inside.map((span) => ({ ...span, end: Math.min(span.end, points) }));
}

/** Texts of the library, each asked for once, and cut as the service counts. */

import { get } from "./api.js";
import { Offsets } from "./offsets.js";

const MOST = 50;
const known = new Map();

/** The text of a source, with its offsets: `{text, offsets}`. */
export function sourceText(number) {
  if (!known.has(number)) {
    const asked = get(`/v1/library/${number}`).then(({ text }) => ({ text, offsets: new Offsets(text) }));
    asked.catch(() => known.delete(number));
    known.set(number, asked);
    if (known.size > MOST) known.delete(known.keys().next().value);
  }
  return known.get(number);
}

/** The piece `[start, end)`, in code points, of a text with its offsets. */
export function cut({ text, offsets }, start, end) {
  return text.slice(offsets.toUtf16(start), offsets.toUtf16(end));
}

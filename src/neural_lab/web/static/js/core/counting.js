/** How long a text is, as reports count. */

import { Offsets } from "./offsets.js";

/** Runs of letters and digits, with the apostrophes and hyphens inside them. */
const WORD = /[\p{L}\p{N}]+(?:['\u2019\u2010\u2011-][\p{L}\p{N}]+)*/gu;

export function counts(text) {
  return { characters: new Offsets(text).points, words: text.match(WORD)?.length ?? 0 };
}

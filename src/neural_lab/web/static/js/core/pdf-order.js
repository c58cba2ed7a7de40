/** Letters of languages that are read from the right, which many files write from the left, as they are read. */

import { together } from "./pdf-lines.js";

const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const FROM_LEFT = /[\p{L}\p{N}]/u;

/** The same letters; a line that is written against its reading is turned around, but for numbers and words in it. */
export function inReadingOrder(glyphs) {
  if (!glyphs.some(({ text }) => FROM_RIGHT.test(text))) return glyphs;
  return lines(glyphs).flatMap((line) => (against(line) ? turned(line) : line));
}

function lines(glyphs) {
  const found = [];
  for (const glyph of glyphs) {
    const line = found.at(-1);
    if (line && together(line.at(-1), glyph)) line.push(glyph);
    else found.push([glyph]);
  }
  return found;
}

/** Most of its letters are read from the right, and each stands where letters of the left would stand. */
function against(line) {
  const right = line.filter(({ text }) => FROM_RIGHT.test(text));
  const left = line.filter(({ text }) => !FROM_RIGHT.test(text) && FROM_LEFT.test(text));
  if (right.length <= left.length) return false;
  const ahead = (glyph, before) => (glyph.x - before.x) * glyph.dx + (glyph.y - before.y) * glyph.dy > 0;
  const steps = right.slice(1).filter((glyph, at) => ahead(glyph, right[at]));
  return 2 * steps.length > right.length - 1;
}

function turned(line) {
  const found = [];
  for (const glyph of line.toReversed()) {
    const stretch = found.at(-1);
    const left = FROM_LEFT.test(glyph.text) && !FROM_RIGHT.test(glyph.text);
    if (left && stretch?.left) stretch.glyphs.unshift(glyph);
    else found.push({ left, glyphs: [glyph] });
  }
  return found.flatMap(({ glyphs }) => glyphs);
}

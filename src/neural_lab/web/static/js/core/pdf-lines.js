/** Letters of a page to what is drawn around them: one shape for each stretch of a line. */

/** How far letters reach above and below the line they stand on, in parts of their size. */
const ABOVE = 0.78;
const BELOW = 0.22;
/** How far apart letters of one stretch may lie along their line, and across it, in parts of their size. */
const ALONG = 2.5;
const ACROSS = 0.6;

/** For each stretch of a line its corners, `[x, y]` each: above from its beginning to its end, and below back again. */
export function shapes(glyphs) {
  const stretches = [];
  for (const glyph of glyphs) {
    const last = stretches.at(-1);
    if (!glyph.text.trim()) continue;
    if (last && joins(last, glyph)) widen(last, glyph);
    else stretches.push(begun(glyph));
  }
  return stretches.map(corners);
}

/** Whether a letter stands on the same stretch of a line as the one before it. */
export function together(before, glyph) {
  return joins(begun(before), glyph);
}

/** A frame along the line of a letter (v) and upright on it (u), and how far the letter reaches in it. */
function begun(glyph) {
  const way = Math.hypot(glyph.dx, glyph.dy);
  const size = Math.hypot(glyph.ux, glyph.uy) || 1;
  const [vx, vy] = way > 0 ? [glyph.dx / way, glyph.dy / way] : [-glyph.uy / size, glyph.ux / size];
  const up = vy * glyph.ux - vx * glyph.uy < 0 ? -1 : 1;
  const frame = { x: glyph.x, y: glyph.y, vx, vy, ux: vy * up, uy: -vx * up };
  return { ...frame, ...reach(frame, glyph) };
}

/** What a letter covers of a frame; `base` is where its line lies, `size` how high it is. */
function reach(frame, glyph) {
  const [x, y] = [glyph.x - frame.x, glyph.y - frame.y];
  const along = x * frame.vx + y * frame.vy;
  const end = along + glyph.dx * frame.vx + glyph.dy * frame.vy;
  const base = x * frame.ux + y * frame.uy;
  const size = glyph.ux * frame.ux + glyph.uy * frame.uy;
  const across = { base, size, low: base - BELOW * size, high: base + ABOVE * size };
  return { from: Math.min(along, end), to: Math.max(along, end), ...across };
}

function joins(stretch, glyph) {
  const { from, to, base, size } = reach(stretch, glyph);
  const leans = Math.abs(glyph.dx * stretch.ux + glyph.dy * stretch.uy);
  if (size <= 0 || leans > 0.1 * Math.hypot(glyph.dx, glyph.dy)) return false;
  const large = Math.max(size, stretch.size);
  const near = from < stretch.to + ALONG * large && to > stretch.from - ALONG * large;
  return near && Math.abs(base - stretch.base) < ACROSS * large;
}

function widen(stretch, glyph) {
  const found = reach(stretch, glyph);
  for (const key of ["from", "low"]) stretch[key] = Math.min(stretch[key], found[key]);
  for (const key of ["to", "high"]) stretch[key] = Math.max(stretch[key], found[key]);
}

function corners({ x, y, ux, uy, vx, vy, from, to, low, high }) {
  const at = (along, across) => [x + along * vx + across * ux, y + along * vy + across * uy];
  return [at(from, high), at(to, high), at(to, low), at(from, low)];
}

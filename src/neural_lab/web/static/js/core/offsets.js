/** The service counts code points, a browser UTF-16 units: they are converted here and nowhere else. */

export class Offsets {
  /** `text` as the browser holds it. */
  constructor(text) {
    this.length = text.length;
    this.pairs = positions(text);
  }

  /** The UTF-16 offset of a code-point offset. */
  toUtf16(point) {
    // The nth pair begins at unit pairs[n], which is code point pairs[n] - n.
    return point + countUntil(this.pairs.length, (n) => this.pairs[n] - n < point);
  }

  /** The code-point offset of a UTF-16 offset; inside a pair, that of the pair. */
  toPoint(unit) {
    return unit - countUntil(this.pairs.length, (n) => this.pairs[n] < unit);
  }

  /** Code points in all. */
  get points() {
    return this.length - this.pairs.length;
  }
}

function positions(text) {
  const found = [];
  for (const pair of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) found.push(pair.index);
  return found;
}

/** How many of `size` numbers, which hold up to some point and not from there on, hold. */
export function countUntil(size, holds) {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

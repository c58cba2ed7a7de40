/** Where the letters of a PDF page stand: its operators for text, carried out without drawing anything. */

const IDENTITY = [1, 0, 0, 1, 0, 0];
const PER_MILLE = [0.001, 0, 0, 0.001, 0, 0];
/** More on one page are not looked at. */
const MOST = 100_000;
/** How far to the left of its middle the line of a letter lies that is written downwards, in parts of its size. */
const MIDDLE = 0.28;

/**
 * The letters in the order in which the page writes them: `{text, x, y, dx, dy, ux, uy}`. A letter begins on its line
 * at (x, y) and ends at (x + dx, y + dy); (ux, uy) is as long as its size and points to where it is upright. All in the
 * units of `upright`, the matrix that brings the page's own units there. `fonts` are those of pdf.js by name.
 */
export function glyphs({ fnArray, argsArray }, operators, fonts, upright) {
  const pen = new Pen(fonts, upright);
  const known = Object.entries(operators).filter(([name]) => name in pen);
  const names = new Map(known.map(([name, number]) => [number, name]));
  for (let at = 0; at < fnArray.length && pen.written.length < MOST; at += 1) {
    const name = names.get(fnArray[at]);
    if (name) pen[name](...(argsArray[at] ?? []));
  }
  return pen.written;
}

/** Does what the operators say; its methods have their names. */
class Pen {
  written = [];
  #kept = [];
  #now;

  constructor(fonts, upright) {
    this.fonts = fonts;
    const letters = { font: null, size: 0, between: 0, words: 0, wide: 1, rise: 0, leading: 0 };
    this.#now = { page: upright, line: IDENTITY, x: 0, y: 0, lineX: 0, lineY: 0, ...letters };
  }

  save() {
    this.#kept.push({ ...this.#now });
  }

  restore() {
    this.#now = this.#kept.pop() ?? this.#now;
  }

  transform(...matrix) {
    this.#now.page = times(this.#now.page, matrix);
  }

  paintFormXObjectBegin(matrix) {
    this.save();
    if (matrix) this.transform(...matrix);
  }

  paintFormXObjectEnd() {
    this.restore();
  }

  beginGroup() {
    this.save();
  }

  endGroup() {
    this.restore();
  }

  beginText() {
    this.setTextMatrix(IDENTITY);
  }

  setTextMatrix(matrix) {
    Object.assign(this.#now, { line: matrix, x: 0, y: 0, lineX: 0, lineY: 0 });
  }

  moveText(x, y) {
    const now = this.#now;
    now.x = now.lineX += x;
    now.y = now.lineY += y;
  }

  setLeadingMoveText(x, y) {
    this.setLeading(-y);
    this.moveText(x, y);
  }

  nextLine() {
    this.moveText(0, -this.#now.leading);
  }

  setLeading(leading) {
    this.#now.leading = leading;
  }

  setFont(name, size) {
    Object.assign(this.#now, { font: this.fonts.get(name), size });
  }

  setGState(states) {
    for (const [key, value] of states) if (key === "Font") this.setFont(...value);
  }

  setCharSpacing(spacing) {
    this.#now.between = spacing;
  }

  setWordSpacing(spacing) {
    this.#now.words = spacing;
  }

  setHScale(scale) {
    this.#now.wide = scale / 100;
  }

  setTextRise(rise) {
    this.#now.rise = rise;
  }

  showText(shown) {
    const { font, size } = this.#now;
    if (!font) return;
    for (const each of shown) {
      if (typeof each === "number") this.#advance((font.vertical ? each : -each) * size / 1000);
      else this.#write(each);
    }
  }

  #write({ unicode, width, vmetric, isSpace }) {
    const { font, size, between, words } = this.#now;
    const scale = size * (font.fontMatrix ?? PER_MILLE)[0];
    const spacing = between + (isSpace ? words : 0);
    const way = font.vertical && vmetric ? -vmetric[0] * scale : width * scale;
    this.#put(unicode, way);
    this.#advance(font.vertical ? way - spacing : way + spacing);
  }

  #put(text, way) {
    const { page, line, font, size, wide, rise, x, y } = this.#now;
    const [a, b, c, d, e, f] = times(page, line);
    const high = upright(font, size);
    const [left, low, right, up] = font.vertical ? [x - MIDDLE * size, y, 0, -way] : [x, y + rise, way * wide, 0];
    const [ux, uy] = font.vertical ? [a * size, b * size] : [c * high, d * high];
    const from = { x: a * left + c * low + e, y: b * left + d * low + f };
    this.written.push({ text, ...from, dx: a * right + c * up, dy: b * right + d * up, ux, uy });
  }

  #advance(way) {
    if (this.#now.font.vertical) this.#now.y -= way;
    else this.#now.x += way * this.#now.wide;
  }
}

/** How large the letters of a font are. Fonts of type 3 may have any units. */
function upright({ isType3Font, bbox, fontMatrix }, size) {
  const high = isType3Font && bbox ? (bbox[3] - bbox[1]) * (fontMatrix ?? PER_MILLE)[3] : 0;
  return high > 0 ? high * size : size;
}

/** The matrix that does what `inner` does, and then what `outer` does. */
function times(outer, inner) {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

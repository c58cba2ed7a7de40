/** One page of a PDF: drawn while it is near, with what is marked on it. */

import { el, fill } from "../core/dom.js";
import { Places } from "../core/pdf-places.js";
import { t } from "../core/words.js";
import { overlay } from "./pdf-marks.js";

/** Pixels of a canvas, in all and to a side, and the time to draw one in milliseconds. */
const MOST_PIXELS = 16_777_216;
const LONGEST = 8_192;
const PATIENCE = 30_000;

export class Sheet {
  #paper = el("div", { class: "paper" });
  #canvas = null;
  #layer = null;
  #missing = el("div", {});
  #places = null;
  #drawn = 0;
  #stopping = null;

  /**
   * `size` is that of the first page, until its own is known. `source` has `text(number)`, `marks(number)`,
   * `press(key)`, and `painted(sheet)`, which is called when there is something new to mark.
   */
  constructor(pdf, number, size, source) {
    Object.assign(this, { pdf, number, source, failed: false });
    const name = t("pages.page", { number, pages: pdf.pages });
    this.element = el("section", { class: "sheet", "aria-label": name, "data-page": number }, this.#paper,
      el("p", { class: "soft number", "aria-hidden": "true" }, `${number} / ${pdf.pages}`), this.#missing);
    this.#sized(size);
  }

  /** Whether it has to be drawn, because it is not, or in another size. */
  get stale() {
    return !this.failed && this.#drawn !== this.#paper.clientWidth;
  }

  /** Draw it as large as it is shown. What goes wrong is said on it. */
  async show() {
    this.#stopping = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      await within(signal, this.#show(signal));
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#fail(error);
    }
  }

  /** It is far away: what it holds is given back. */
  rest() {
    this.#stopping?.abort();
    this.#drawn = 0;
    this.#places = null;
    this.#released(this.#canvas);
    this.#canvas = null;
    fill(this.#paper);
  }

  /** Mark what there is to mark now. */
  paint(chosen) {
    if (!this.#places) return;
    const { label, marks } = this.source.marks(this.number);
    const found = marks.map((mark) => ({ ...mark, shapes: this.#places.of(mark) }));
    const held = this.#layer?.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const placed = joined(found.filter(({ shapes }) => shapes?.length));
    const layer = overlay({ ...this.size, label, marks: placed, press: this.source.press });
    this.#layer?.remove();
    this.#layer = layer;
    if (layer.childElementCount) this.#paper.append(layer);
    const known = new Set(placed.map(({ key }) => key));
    fill(this.#missing, this.#unplaced(found.filter(({ key, shapes }) => !shapes && key !== null && !known.has(key))));
    this.choose(chosen);
    if (held !== null) layer.querySelector(`[data-key="${held}"]`)?.focus();
  }

  /** Mark one as the one that is looked at, and give back its element, if it is here. */
  choose(key) {
    for (const mark of this.#layer?.querySelectorAll(".chosen") ?? []) mark.classList.remove("chosen");
    const found = key === null ? null : this.#layer?.querySelector(`[data-key="${key}"]`);
    found?.classList.add("chosen");
    return found ?? null;
  }

  async #show(signal) {
    const page = await this.pdf.page(this.number);
    this.#sized(page);
    const wide = this.#paper.clientWidth;
    await this.#draw(page, wide, signal);
    const text = this.source.text(this.number);
    // A page can be drawn whose letters cannot be told; nothing is then marked on it.
    const glyphs = text && !this.#places ? await page.glyphs().catch(() => []) : [];
    signal.throwIfAborted();
    this.#places ??= new Places(glyphs, text);
    this.#drawn = wide;
    this.source.painted(this);
    page.rest();
  }

  async #draw(page, wide, signal) {
    const canvas = el("canvas", { role: "img", "aria-label": t("pages.drawing", { number: this.number }) });
    await page.draw(canvas, sharp(page, wide), signal);
    signal.throwIfAborted();
    this.#released(this.#canvas);
    this.#canvas?.remove();
    this.#canvas = canvas;
    this.#paper.prepend(canvas);
  }

  #sized({ width, height }) {
    this.size = { width, height };
    this.#paper.style.setProperty("--wide", width);
    this.#paper.style.setProperty("--high", height);
  }

  /** A canvas that nobody sees keeps its memory for long. */
  #released(canvas) {
    if (canvas) Object.assign(canvas, { width: 0, height: 0 });
  }

  #unplaced(marks) {
    if (!marks.length) return null;
    const press = (key) => () => this.source.press(key);
    const button = ({ key, said, text }) =>
      el("button", { class: "plain neighbour", dir: "auto", on: { click: press(key) } }, `${said}: ${text}`);
    const items = marks.map((mark) => el("li", {}, button(mark)));
    return el("details", { class: "unplaced" }, el("summary", {}, t("pages.unplaced", { count: marks.length })),
      el("p", { class: "soft" }, t("pages.unplaced_why")), el("ul", { class: "bare" }, items));
  }

  #fail(error) {
    this.failed = true;
    const slow = error.name === "TimeoutError";
    fill(this.#paper, el("p", { class: "empty" }, t(slow ? "pages.slow" : "pages.unreadable")));
  }
}

/** What a promise gives, unless it takes longer than a signal lets it: nothing in pdf.js stops by itself. */
function within(signal, promise) {
  const late = new Promise((_, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
  return Promise.race([promise, late]);
}

/** Pixels to a point, for a page that is so many CSS pixels wide. */
function sharp({ width, height }, wide) {
  const most = Math.min(Math.sqrt(MOST_PIXELS / (width * height)), LONGEST / Math.max(width, height));
  return Math.min((wide / width) * window.devicePixelRatio, most);
}

/** Pieces of one passage are one mark. */
function joined(marks) {
  const known = new Map();
  for (const mark of marks) {
    const before = mark.key !== null && known.get(`${mark.key} ${mark.look}`);
    if (before) before.shapes.push(...mark.shapes);
    else known.set(`${mark.key} ${mark.look}${mark.key === null ? mark.start : ""}`, mark);
  }
  return [...known.values()];
}

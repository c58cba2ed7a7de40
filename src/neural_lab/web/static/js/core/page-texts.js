/** The text of a document page by page. */

import { Offsets } from "./offsets.js";

export class PageTexts {
  constructor({ text, pages }) {
    this.text = text;
    this.offsets = new Offsets(text);
    this.pages = new Map(pages.map((page) => [page.number, page]));
  }

  /** The text of a page; "" where nothing was read. */
  of(number) {
    const page = this.pages.get(number);
    return page ? this.piece(page) : "";
  }

  /** What a span in code points says. */
  piece({ start, end }) {
    return this.text.slice(this.#unit(start), this.#unit(end));
  }

  /** What of spans (in code points of the text) lies on a page: with `from` and `to` in UTF-16 units of its text. */
  cut(number, spans) {
    const page = this.pages.get(number);
    if (!page) return [];
    const first = this.#unit(page.start);
    const unit = (point) => this.#unit(Math.min(Math.max(point, page.start), page.end)) - first;
    const there = spans.filter(({ start, end }) => start < page.end && end > page.start);
    return there.map((span) => ({ ...span, from: unit(span.start), to: unit(span.end) }));
  }

  /** The number of the page on which a code point of the text lies. */
  pageOf(point) {
    return [...this.pages.values()].findLast(({ start }) => start <= point)?.number;
  }

  #unit(point) {
    return this.offsets.toUtf16(point);
  }
}

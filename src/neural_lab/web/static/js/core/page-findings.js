/** What is marked on which page: sentences of the report, and passages that are shared with others. */

import { layers } from "../elements/marked-text.js";
import { Offsets } from "./offsets.js";

/** The text of a document page by page, and what of spans (in code points of the text) lies on a page. */
export class PageTexts {
  constructor({ text, pages }) {
    this.text = text;
    this.offsets = new Offsets(text);
    this.pages = new Map(pages.map((page) => [page.number, page]));
  }

  /** The text of a page; "" where nothing was read. */
  of(number) {
    const page = this.pages.get(number);
    return page ? this.text.slice(this.#unit(page.start), this.#unit(page.end)) : "";
  }

  /** The spans that lie at least partly on a page, with `from` and `to` in UTF-16 units of its text. */
  cut(number, spans) {
    const page = this.pages.get(number);
    if (!page) return [];
    const first = this.#unit(page.start);
    const unit = (point) => this.#unit(Math.min(Math.max(point, page.start), page.end)) - first;
    const there = spans.filter(({ start, end }) => start < page.end && end > page.start);
    return there.map((span) => ({ ...span, from: unit(span.start), to: unit(span.end) }));
  }

  /** The number of the page on which a place in the text lies, or undefined. */
  pageOf(point) {
    return [...this.pages.values()].findLast(({ start }) => start <= point)?.number;
  }

  #unit(point) {
    return this.offsets.toUtf16(point);
  }
}

/** Sentences of a result as spans; none where nothing could be measured. */
export function sentences(result) {
  return result?.shown?.measurable ? result.document.sentences.map(({ start, end, index }) => ({ start, end, key: index })) : [];
}

/** Passages of an audit as spans, where they overlap the strongest; `key` is the number of the match, or null. */
export function passages(audit) {
  const marked = audit ? layers(audit).filter(({ mark }) => mark) : [];
  return marked.map(({ start, end, mark }) => ({ start, end, key: mark.number, look: mark.look }));
}

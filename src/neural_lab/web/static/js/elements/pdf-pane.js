/** The pages of a PDF below one another: those that are near are drawn, one after another. */

import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { Sheet } from "./pdf-sheet.js";

/** Milliseconds after which a window that is being resized is taken to have its size. */
const SETTLED = 150;

/** Dispatches `page` when another page is looked at. */
export class Pane extends EventTarget {
  element = el("div", { class: "pane", tabindex: "0", role: "region", "aria-label": t("pages.file") });
  page = 1;
  #near = new Set();
  #chosen = null;
  #wanted = false;
  #busy = false;
  #closed = false;
  #resizing = 0;

  /** `size` is that of the first page; `source` is what a Sheet takes, without `painted`. */
  constructor(pdf, size, source) {
    super();
    const given = { ...source, painted: (sheet) => this.#painted(sheet) };
    this.element.dataset.zoom = "fit";
    this.sheets = Array.from({ length: pdf.pages }, (_, at) => new Sheet(pdf, at + 1, size, given));
    this.element.append(...this.sheets.map((sheet) => sheet.element));
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.seeing = new IntersectionObserver((seen) => this.#seen(seen), { root: this.element, rootMargin: "50% 0px" });
    for (const sheet of this.sheets) this.seeing.observe(sheet.element);
    this.sizing = new ResizeObserver(() => this.#resized());
    this.sizing.observe(this.element);
  }

  close() {
    this.#closed = true;
    this.seeing.disconnect();
    this.sizing.disconnect();
    clearTimeout(this.#resizing);
    for (const sheet of this.#near) sheet.rest();
  }

  /** There is something else to mark. */
  repaint() {
    for (const sheet of this.#near) sheet.paint(this.#chosen);
  }

  /** Show a page from its beginning. */
  go(number) {
    const sheet = this.sheets[Math.min(Math.max(number, 1), this.sheets.length) - 1];
    this.element.scrollTop = sheet.element.offsetTop;
  }

  /** Mark one thing as the one that is looked at, and show it; `number` is its page's. */
  reveal(number, key) {
    this.choose(key);
    this.#wanted = true;
    const sheet = this.sheets[number - 1];
    if (sheet && !this.#centred(sheet)) this.go(number);
  }

  choose(key) {
    this.#chosen = key;
    for (const sheet of this.#near) sheet.choose(key);
  }

  /** "fit", or how large it is: 1 is its size on paper. The place that is looked at stays. */
  zoom(size) {
    const sheet = this.sheets[this.page - 1].element;
    const { scrollLeft, clientWidth, scrollWidth } = this.element;
    const down = (this.element.scrollTop - sheet.offsetTop) / sheet.offsetHeight;
    const across = (scrollLeft + clientWidth / 2) / scrollWidth;
    this.element.dataset.zoom = size === "fit" ? "fit" : "";
    this.element.style.setProperty("--zoom", size === "fit" ? 1 : size);
    this.element.scrollTop = sheet.offsetTop + down * sheet.offsetHeight;
    this.element.scrollLeft = across * this.element.scrollWidth - clientWidth / 2;
    this.#work();
  }

  /** How large the page is that is looked at, 1 being its size on paper. */
  get scale() {
    const sheet = this.sheets[this.page - 1];
    return sheet.element.querySelector(".paper").clientWidth / ((sheet.size.width * 96) / 72);
  }

  #seen(seen) {
    for (const { target, isIntersecting } of seen) {
      const sheet = this.sheets[Number(target.dataset.page) - 1];
      if (isIntersecting) this.#near.add(sheet);
      else if (this.#near.delete(sheet)) sheet.rest();
    }
    this.#scrolled();
    this.#work();
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#next(); next && !this.#closed; next = this.#next()) await next.show();
    this.#busy = false;
  }

  /** The page nearest to the one that is looked at. */
  #next() {
    const stale = [...this.#near].filter((sheet) => sheet.stale);
    const far = (sheet) => Math.abs(sheet.number - this.page);
    return stale.sort((a, b) => far(a) - far(b))[0];
  }

  #painted(sheet) {
    sheet.paint(this.#chosen);
    if (this.#wanted) this.#centred(sheet);
  }

  /** Whether what was chosen is on this page; it is then brought to the middle. */
  #centred(sheet) {
    const mark = sheet.choose(this.#chosen);
    if (!mark) return false;
    this.#wanted = false;
    const [there, pane] = [mark.getBoundingClientRect(), this.element.getBoundingClientRect()];
    const inside = there.top >= pane.top && there.bottom <= pane.bottom;
    if (!inside) this.element.scrollTop += there.top - pane.top - Math.max((pane.height - there.height) / 2, 20);
    return true;
  }

  #scrolled() {
    const middle = this.element.scrollTop + this.element.clientHeight / 3;
    const passed = [...this.#near].filter(({ element }) => element.offsetTop <= middle).map(({ number }) => number);
    const page = passed.length ? Math.max(...passed) : this.page;
    if (page === this.page) return;
    this.page = page;
    this.dispatchEvent(new Event("page"));
  }

  #resized() {
    clearTimeout(this.#resizing);
    this.#resizing = setTimeout(() => this.#work(), SETTLED);
  }
}

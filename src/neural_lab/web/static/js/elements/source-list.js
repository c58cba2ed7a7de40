/** The sources of a library: searched, read and deleted, a page at a time. */

import { get, remove } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { confirmed, told } from "../core/notes.js";
import { count, moment } from "../core/numbers.js";
import { t } from "../core/words.js";

const PAGE = 50;
const SHORTEST = 3;
const PAUSE = 250;

export class SourceList {
  #rows = el("tbody", {});
  #hint = el("p", { class: "soft", role: "status", hidden: true }, t("library.too_short"));
  #more = el("button", { on: { click: () => this.#load() } }, t("library.more"));
  #search = el("input", { type: "search", id: "find-source", maxlength: 200, on: { input: () => this.#soon() } });
  #shown = el("div", {});
  #after = 0;
  #timer = 0;
  #turn = 0;

  /** `changed()` is called when a source was deleted. */
  constructor(changed) {
    this.changed = changed;
    const columns = ["title", "collection", "size", "added", "actions"].map((key) => el("th", { scope: "col" }, t(`library.columns.${key}`)));
    const table = el("table", {}, el("thead", {}, el("tr", {}, columns)), this.#rows);
    this.element = el("section", { "aria-label": t("library.sources") },
      el("div", { class: "field" }, el("label", { for: "find-source" }, t("library.search")), this.#search, this.#hint),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("library.sources") }, table), this.#more, this.#shown);
  }

  async reload() {
    this.#turn += 1;
    this.#after = 0;
    fill(this.#rows);
    await this.#load();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.reload(), PAUSE);
  }

  async #load() {
    const words = this.#search.value.trim();
    const short = words && [...words].length < SHORTEST;
    this.#hint.hidden = !short;
    if (short) return;
    const mine = ++this.#turn;
    this.#more.disabled = true;
    const asked = words ? `search=${encodeURIComponent(words)}` : `after=${this.#after}`;
    const found = await told(() => get(`/v1/library?most=${PAGE}&${asked}`));
    this.#more.disabled = false;
    if (!found || mine !== this.#turn) return;
    this.#rows.append(...found.sources.map((source) => this.#row(source)));
    this.#after = found.sources.at(-1)?.id ?? this.#after;
    this.#more.hidden = Boolean(words) || found.sources.length < PAGE;
    if (!this.#rows.children.length) fill(this.#rows, el("tr", {}, el("td", { colspan: 5, class: "empty" }, t("library.none"))));
  }

  #row(source) {
    const name = source.title || source.path || t("integrity.untitled", source);
    const row = el("tr", {},
      el("th", { scope: "row" }, el("button", { class: "plain name", dir: "auto", on: { click: () => this.#open(source) } }, name)),
      el("td", { dir: "auto" }, source.collection), el("td", { class: "number" }, count(source.characters)),
      el("td", {}, moment(source.added)),
      el("td", {}, el("button", { class: "danger", "aria-label": t("library.delete", { name }), on: { click: () => this.#delete(source, name, row) } }, t("actions.delete"))));
    return row;
  }

  async #open({ id }) {
    const source = await told(() => get(`/v1/library/${id}`));
    if (!source) return;
    const shown = el("section", { class: "card", tabindex: "-1", "aria-label": t("library.text") },
      el("h2", { dir: "auto" }, source.title || source.path), el("p", { class: "soft", dir: "auto" }, source.path), el("div", { class: "source", dir: "auto", tabindex: "0" }, source.text));
    fill(this.#shown, shown);
    shown.focus();
  }

  async #delete({ id }, name, row) {
    if (!(await confirmed(t("library.sure", { name }), t("actions.delete"), t("library.for_good")))) return;
    await told(async () => {
      await remove(`/v1/library/${id}`);
      row.remove();
      this.changed();
    });
  }
}

/** Kept reports, the newest first: searched, opened, chosen in pairs, deleted. */

import { get, remove } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { confirmed, told } from "../core/notes.js";
import { moment, percent, share } from "../core/numbers.js";
import { t } from "../core/words.js";

const PAGE = 50;
const SHORTEST = 3;
const PAUSE = 250;

export class EntryList {
  /** Numbers of the entries that are marked, oldest first. */
  chosen = [];
  #rows = el("tbody", {});
  #hint = el("p", { class: "soft", role: "status", hidden: true }, t("library.too_short"));
  #more = el("button", { on: { click: () => this.#load() } }, t("library.more"));
  #search = el("input", { type: "search", id: "find-entry", maxlength: 200, on: { input: () => this.#soon() } });
  #before = null;
  #timer = 0;
  #turn = 0;

  /** `changed()` is called when `chosen` is another. */
  constructor(changed) {
    this.changed = changed;
    const columns = ["choose", "title", "created", "verdict", "number", "coverage", "actions"].map((key) => el("th", { scope: "col" }, t(`history.columns.${key}`)));
    this.element = el("section", { "aria-label": t("history.entries") },
      el("div", { class: "field" }, el("label", { for: "find-entry" }, t("history.search")), this.#search, this.#hint),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("history.entries") },
        el("table", {}, el("thead", {}, el("tr", {}, columns)), this.#rows)), this.#more);
  }

  async reload() {
    this.#turn += 1;
    this.#before = null;
    this.#choose([]);
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
    const where = words ? `&search=${encodeURIComponent(words)}` : this.#before ? `&before=${this.#before}` : "";
    const found = await told(() => get(`/v1/history?most=${PAGE}${where}`));
    this.#more.disabled = false;
    if (!found || mine !== this.#turn) return;
    this.#rows.append(...found.entries.map((entry) => this.#row(entry)));
    this.#before = found.entries.at(-1)?.id ?? this.#before;
    this.#more.hidden = Boolean(words) || found.entries.length < PAGE;
    if (!this.#rows.children.length) fill(this.#rows, el("tr", {}, el("td", { colspan: 7, class: "empty" }, t("history.none"))));
  }

  #row(entry) {
    const name = entry.title || entry.path || t("history.untitled");
    const box = el("input", { type: "checkbox", "aria-label": t("history.choose", { name }) });
    box.addEventListener("change", () => this.#mark(entry.id, box.checked));
    const shown = entry.verdict !== "inconclusive" && entry.probability !== null;
    const row = el("tr", {}, el("td", {}, box),
      el("th", { scope: "row" }, el("a", { href: `#/check/entry/${entry.id}`, dir: "auto" }, name)),
      el("td", {}, moment(entry.created)),
      el("td", {}, t(`history.verdicts.${entry.verdict || "audit"}`)),
      el("td", { class: "number" }, shown ? percent(entry.probability) : "–"),
      el("td", { class: "number" }, entry.coverage === null ? "–" : share(entry.coverage)),
      el("td", {}, el("button", { class: "danger", "aria-label": t("history.delete", { name }), on: { click: () => this.#delete(entry, name, row) } }, t("actions.delete"))));
    return row;
  }

  #mark(id, chosen) {
    const rest = this.chosen.filter((each) => each !== id);
    this.#choose(chosen ? [...rest, id].sort((a, b) => a - b) : rest);
  }

  #choose(numbers) {
    this.chosen = numbers;
    this.changed(numbers);
  }

  async #delete({ id }, name, row) {
    if (!(await confirmed(t("history.sure", { name }), t("actions.delete"), t("history.for_good")))) return;
    await told(async () => {
      await remove(`/v1/history/${id}`);
      row.remove();
      this.#mark(id, false);
    });
  }
}

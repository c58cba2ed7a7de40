/** What a text shares with the library: how much, with which sources, and where, both texts beside each other. */

import { get } from "../core/api.js";
import { audit } from "../core/auditing.js";
import { el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { count, moment, share } from "../core/numbers.js";
import { keeps } from "../core/preferences.js";
import { Offsets } from "../core/offsets.js";
import { cut, sourceText } from "../core/sources.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";
import { chooseFile, dropping } from "../elements/drop.js";
import { Exclusions } from "../elements/exclusions.js";
import { markedText } from "../elements/marked-text.js";
import { sideBySide } from "../elements/side-by-side.js";
import { sourcesTable } from "../elements/sources-table.js";

export async function render(root) {
  const view = new Integrity(root);
  const again = () => view.start();
  state.addEventListener("document", again);
  const undrop = dropping();
  await view.start();
  return () => {
    undrop();
    state.removeEventListener("document", again);
  };
}

class Integrity {
  #exclusions = new Exclusions();
  #head = el("div", { class: "card coverage", "aria-live": "polite", tabindex: "-1" });
  #body = el("div", {});
  #pair = el("div", { class: "pairs" });

  constructor(root) {
    this.root = root;
    this.#exclusions.addEventListener("change", () => this.#run());
  }

  async start() {
    if (!state.document.text.trim()) return this.#nothing();
    fill(this.root, el("h1", { dir: "auto" }, state.document.title || t("views.integrity")),
      el("div", { class: "columns" }, el("div", {}, this.#head, this.#body), el("div", {}, this.#exclusions.element, this.#pair)));
    const { audit: found, keptAudit } = state;
    if (keptAudit) return this.#asKept(found, keptAudit);
    fill(this.#head, el("progress", { "aria-label": t("integrity.searching") }));
    return this.#run();
  }

  /** An audit of the history is evidence of its day: it is shown as it was, and nothing is searched or kept anew. */
  #asKept(found, { created, library }) {
    this.#exclusions.take(found.exclusions);
    const again = el("button", { on: { click: () => this.#again() } }, t("integrity.again"));
    this.#show(found, library, [el("p", {}, t("integrity.kept", { when: moment(created) })),
      found.exclusions.template && el("p", { class: "soft" }, t("integrity.kept_template")), again]);
  }

  async #again() {
    await this.#run(true);
    this.#head.focus();
  }

  #nothing() {
    const open = el("button", { class: "main", on: { click: chooseFile } }, t("integrity.open"));
    fill(this.root, el("h1", {}, t("views.integrity")), el("div", { class: "empty card" }, el("p", {}, t("integrity.empty")),
      el("div", { class: "buttons middle" }, open, el("a", { class: "button", href: "#/check" }, t("integrity.write")))));
  }

  async #run(keep = false) {
    const { values, templates } = this.#exclusions;
    const answer = await told(() => audit(values, { templates, keep }));
    const library = answer && (await told(() => get("/v1/library/stats")));
    if (library && answer.document === state.audit) this.#show(answer.document, library, this.#kept(answer.entry));
  }

  /** Whether this audit is in the history, and a button that puts it there. */
  #kept(entry) {
    if (entry) return el("p", { class: "soft" }, t("result.kept"), " ", el("a", { href: "#/history" }, t("views.history")));
    return keeps() ? el("button", { on: { click: () => this.#again() } }, t("integrity.keep")) : null;
  }

  #show(found, library, kept = null) {
    fill(this.#head, el("p", { class: "figure" }, share(found.coverage)), el("div", {},
      el("h2", {}, t("integrity.coverage")), library && el("p", { class: "soft" }, t("integrity.searched", { count: library.sources, characters: count(library.characters) })), kept,
      library?.sources === 0 && el("p", {}, t("integrity.no_library"), " ", el("a", { href: "#/library" }, t("views.library")))));
    const handlers = { toggle: (id) => this.#exclusions.toggle(id), show: (id) => this.#pass(found, first(found, id)) };
    const text = markedText(state.document.text, found, (number) => this.#pass(found, number));
    fill(this.#body, found.sources.length ? sourcesTable(found, handlers) : el("p", { class: "empty" }, t("integrity.nothing")), legend(), text);
  }

  /** Show a match with both texts. */
  async #pass(found, number) {
    const match = found.matches[number];
    if (!match) return;
    const { text } = state.document;
    const theirs = await told(() => sourceText(match.source.id));
    if (!theirs) return;
    const mine = cut({ text, offsets: new Offsets(text) }, match.start, match.end);
    const other = cut(theirs, match.source_start, match.source_end);
    const names = [state.document.title || t("integrity.mine"), match.source.title || t("integrity.untitled", match.source)];
    fill(this.#pair, sideBySide(match, [mine, other], names));
    this.#pair.firstElementChild.focus();
  }
}

/** The number of the first match of a source that counts, else of its first. */
function first(found, source) {
  const numbers = [...found.matches.keys()].filter((at) => found.matches[at].source.id === source);
  return numbers.find((at) => !found.matches[at].excluded_by) ?? numbers[0];
}

function legend() {
  const items = ["verbatim", "near_copy", "excluded", "common"].map((key) =>
    el("li", {}, el("span", { class: `m ${key}` }, t("integrity.sample")), ` ${t(`integrity.kinds.${key}`)}`));
  return el("ul", { class: "keys kinds" }, items);
}

/** An open PDF: its pages, the tools above them, and beside them what is known of what is marked. */

import { audit } from "../core/auditing.js";
import { Checking } from "../core/checking.js";
import { announce, el, fill } from "../core/dom.js";
import { confirmed, told } from "../core/notes.js";
import { percent } from "../core/numbers.js";
import { PageTexts } from "../core/page-texts.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";
import { chooseFile } from "./drop.js";
import { legend } from "./legend.js";
import { passageCard, passageLegend, passagesSaid } from "./passage.js";
import { passageMarks, sentenceMarks } from "./pdf-marks.js";
import { Pane } from "./pdf-pane.js";
import { pageTools } from "./pdf-tools.js";
import { progress } from "./progress.js";
import "./result.js";

export class Reader {
  #layer = "sentences";
  #marks = [];
  #provisional = null;
  #chosen = null;
  #target = state.preferences.target;
  #ending = new AbortController();
  #checking = new Checking();
  #reading = progress();
  #result = el("lab-result");
  #passages = el("div", { class: "passages", hidden: true, "aria-live": "polite" });
  #legend = el("section", { class: "legend", "aria-label": t("legend.title") });
  #edited = el("div", { class: "edited" });

  constructor(pdf, size) {
    const { source, pages } = state.document;
    this.texts = new PageTexts({ text: source, pages });
    this.pane = new Pane(pdf, size, { text: (number) => this.texts.of(number), marks: (number) => this.#on(number), press: (key) => this.#press(key) });
    this.tools = pageTools(this.#actions(), pdf.pages);
    this.element = this.#laid();
    this.#listen();
  }

  start() {
    this.#repaint();
    if (this.#wanted && state.preferences.as_you_type) this.#checking.now(false);
  }

  close() {
    this.#ending.abort();
    this.#checking.cancel();
    this.pane.close();
  }

  check() {
    if (this.#wanted) this.#checking.now();
  }

  /** Go to the next (1) or previous (-1) flagged sentence and open it. */
  walk(step) {
    const flagged = state.fresh ? state.result.document.sentences.filter((sentence) => sentence.flagged) : [];
    const from = this.#chosen ?? (step > 0 ? -1 : Infinity);
    const next = step > 0 ? flagged.find(({ index }) => index > from) : flagged.findLast(({ index }) => index < from);
    if (this.#layer !== "sentences" || !next) return announce(t(flagged.length ? "editor.no_more" : "editor.none"));
    this.#reveal(next.index);
    this.#result.pick(next.index);
    return announce(t("editor.walked", { at: flagged.indexOf(next) + 1, of: flagged.length, percent: percent(next.probability), text: next.text }));
  }

  /** Go some pages on. */
  turn(by) {
    this.pane.go(this.pane.page + by);
  }

  larger(by) {
    this.pane.zoom(this.tools.step(by, this.pane.scale));
  }

  get #wanted() {
    return state.unedited && !state.fresh;
  }

  #actions() {
    return {
      open: chooseFile, check: () => this.check(), cancel: () => this.#checking.cancel(), walk: (step) => this.walk(step),
      go: (page) => this.pane.go(page), zoom: (size) => this.pane.zoom(size), larger: (by) => this.larger(by), layer: (name) => this.#show(name),
    };
  }

  #laid() {
    return el("div", { class: "columns" },
      el("section", { class: "card reader", "aria-label": t("pages.pages") }, this.tools.node, this.#edited,
        el("div", { class: "frame" }, this.#reading.bar, this.pane.element), this.#reading.said, this.#legend),
      el("section", { class: "told", "aria-label": t("check.told") }, this.#result, this.#passages));
  }

  #listen() {
    const on = (whom, event, listener) => whom.addEventListener(event, listener, { signal: this.#ending.signal });
    on(state, "result", () => this.#answered());
    on(state, "audit", () => this.#repaint());
    on(state, "preferences", () => this.#preferred());
    on(this.#checking, "status", () => this.#told());
    on(this.#checking, "partial", ({ detail }) => this.#partly(detail.result));
    on(this.#result, "reveal", ({ detail }) => this.#reveal(detail));
    on(this.pane, "page", () => this.#told());
  }

  /** What is marked on a page. */
  #on(number) {
    return { label: t(`pages.marks.${this.#layer}`, { number }), marks: this.texts.cut(number, this.#marks) };
  }

  #answered() {
    this.#provisional = null;
    this.#checking.forget();
    this.#repaint();
  }

  #partly(result) {
    this.#provisional = result;
    this.#repaint();
  }

  #preferred() {
    const { target } = state.preferences;
    if (target !== this.#target && state.fresh && state.unedited) this.#checking.now(false);
    this.#target = target;
  }

  async #show(layer) {
    this.#layer = layer;
    this.#chosen = null;
    this.pane.choose(null);
    this.#repaint();
    if (layer === "passages" && !this.#audit && state.unedited) await told(() => audit({}));
  }

  /** The audit of the text as the file has it. */
  get #audit() {
    return state.unedited && state.audit?.characters === this.texts.offsets.points ? state.audit : null;
  }

  #repaint() {
    const { offsets, text } = this.texts;
    const piece = (start, end) => text.slice(offsets.toUtf16(start), offsets.toUtf16(end));
    const result = state.unedited ? (state.fresh && state.result) || this.#provisional : null;
    const sentences = this.#layer === "sentences";
    this.#marks = sentences ? sentenceMarks(result, result === this.#provisional) : passageMarks(this.#audit, piece);
    this.#result.hidden = !sentences;
    this.#passages.hidden = sentences;
    if (!sentences) fill(this.#passages, passagesSaid(this.#audit));
    this.pane.repaint();
    this.#told();
  }

  #told() {
    const { phase } = this.#checking.status;
    const busy = phase === "reading" || phase === "waiting";
    this.tools.show({ busy, wanted: this.#wanted, page: this.pane.page, name: this.#layer });
    this.#reading.show(this.#checking.status, false);
    fill(this.#legend, this.#layer === "sentences" ? legend(state.fresh ? state.result : null, this.#provisional !== null) : passageLegend());
    fill(this.#edited, !state.unedited && [el("p", {}, t("pages.edited")), el("button", { on: { click: () => this.#back() } }, t("pages.unedit"))]);
  }

  #press(key) {
    this.#chosen = key;
    this.pane.choose(key);
    if (this.#layer === "passages") return told(() => this.#pass(key));
    return this.#provisional ? undefined : this.#result.pick(key);
  }

  async #pass(number) {
    const found = this.#audit;
    const card = await passageCard(found.matches[number], this.texts.text, state.document.title);
    if (this.#audit === found) fill(this.#passages, passagesSaid(found), card);
    card.scrollIntoView({ block: "nearest" });
  }

  #reveal(index) {
    const sentence = state.result?.document.sentences[index];
    if (!sentence) return;
    this.#chosen = index;
    this.pane.reveal(this.texts.pageOf(sentence.start), index);
  }

  /** Work on the text as the file has it. */
  async #back() {
    const { source, ...rest } = state.document;
    if (await confirmed(t("pages.sure"), t("pages.unedit"), t("pages.lost"))) state.setDocument({ ...rest, text: source });
  }
}

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
import { passageLegend } from "./passage.js";
import { Beside } from "./pdf-beside.js";
import { passageMarks, sentenceMarks } from "./pdf-marks.js";
import { Pane } from "./pdf-pane.js";
import { pageTools } from "./pdf-tools.js";
import { progress } from "./progress.js";

export class Reader {
  #layer = "sentences";
  #marks = [];
  #provisional = null;
  #chosen = null;
  #target = state.preferences.target;
  #ending = new AbortController();
  #checking = new Checking();
  #reading = progress();
  #beside = new Beside();
  #legend = el("section", { class: "legend", "aria-label": t("legend.title") });
  #edited = el("div", { class: "edited" });

  constructor(pdf, size) {
    const { source, pages } = state.document;
    this.texts = new PageTexts({ text: source, pages });
    const text = (number) => this.texts.of(number);
    this.pane = new Pane(pdf, size, { text, marks: (number) => this.#on(number), press: (key) => this.#press(key) });
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
    const shown = this.#layer === "sentences" && state.unedited && state.fresh;
    const flagged = shown ? state.result.document.sentences.filter((sentence) => sentence.flagged) : [];
    const from = this.#chosen ?? (step > 0 ? -1 : Infinity);
    const next = step > 0 ? flagged.find(({ index }) => index > from) : flagged.findLast(({ index }) => index < from);
    if (!next) return announce(t(flagged.length ? "editor.no_more" : "editor.none"));
    this.#reveal(next.index);
    this.#beside.sentence(next.index);
    const [at, of] = [flagged.indexOf(next) + 1, flagged.length];
    return announce(t("editor.walked", { at, of, percent: percent(next.probability), text: next.text }));
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
      open: chooseFile, check: () => this.check(), cancel: () => this.#checking.cancel(),
      walk: (step) => this.walk(step), go: (page) => this.pane.go(page), zoom: (size) => this.pane.zoom(size),
      larger: (by) => this.larger(by), layer: (name) => this.#show(name),
    };
  }

  #laid() {
    return el("div", { class: "columns" },
      el("section", { class: "card reader", "aria-label": t("pages.pages") }, this.tools.node, this.#edited,
        el("div", { class: "frame" }, this.#reading.bar, this.pane.element), this.#reading.said, this.#legend),
      this.#beside.element);
  }

  #listen() {
    const on = (whom, event, listener) => whom.addEventListener(event, listener, { signal: this.#ending.signal });
    on(state, "result", () => this.#answered());
    on(state, "audit", () => this.#repaint());
    on(state, "preferences", () => this.#preferred());
    on(this.#checking, "status", () => this.#told());
    on(this.#checking, "partial", ({ detail }) => this.#partly(detail.result));
    on(this.#beside, "reveal", ({ detail }) => this.#reveal(detail));
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
    const passages = () => passageMarks(this.#audit, (span) => this.texts.piece(span));
    this.#marks = this.#layer === "sentences" ? this.#sentences() : passages();
    this.#beside.show(this.#layer, this.#audit);
    this.pane.repaint();
    this.#told();
  }

  #sentences() {
    if (!state.unedited) return [];
    return state.fresh ? sentenceMarks(state.result, false) : sentenceMarks(this.#provisional, true);
  }

  #told() {
    const { phase } = this.#checking.status;
    const busy = phase === "reading" || phase === "waiting";
    const [result, provisional] = [state.fresh ? state.result : null, this.#provisional !== null];
    this.tools.show({ busy, wanted: this.#wanted, page: this.pane.page, name: this.#layer });
    this.#reading.show(this.#checking.status, false);
    fill(this.#legend, this.#layer === "sentences" ? legend(result, provisional) : passageLegend());
    fill(this.#edited, state.unedited ? null : edited(() => this.#back()));
  }

  /** What is provisional has no report yet that could be opened. */
  #press(key) {
    this.#chosen = key;
    this.pane.choose(key);
    if (this.#layer === "passages") this.#beside.passage(key, this.texts.text, state.document.title);
    else if (!this.#provisional) this.#beside.sentence(key);
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
    const sure = await confirmed(t("pages.sure"), t("pages.unedit"), t("pages.lost"));
    if (sure) state.setDocument({ ...rest, text: source });
  }
}

function edited(back) {
  return [el("p", {}, t("pages.edited")), el("button", { on: { click: back } }, t("pages.unedit"))];
}

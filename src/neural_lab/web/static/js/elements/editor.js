/**
 * `<lab-editor>`: a text that can be edited, with its sentences marked by how they read.
 * Dispatches `edit` after a change by hand, and `pick` with the index of a sentence that somebody opens.
 */

import { announce, el } from "../core/dom.js";
import { Lines } from "../core/lines.js";
import { percent } from "../core/numbers.js";
import { placed } from "../core/placing.js";
import { t } from "../core/words.js";
import { EditorState, EditorView, openSearchPanel } from "../../vendor/codemirror.js";
import { marks, painted, shownAs } from "./editor-marks.js";
import { settings } from "./editor-settings.js";

// A shadow root, because CodeMirror can add its rules to one under the policy of the page, and to a document not.
const SHEETS = ["/static/css/3-parts.css", "/static/css/editor.css", "/tints.css"];

class LabEditor extends HTMLElement {
  #view;
  #extensions;
  /** The text that was set, and the document that it became. */
  #given = new Lines("");
  #origin;
  #setting = false;
  /** Whether there has been any text. */
  #begun = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.append(...SHEETS.map((href) => el("link", { rel: "stylesheet", href })));
    root.append(el("p", { id: "hint", class: "unseen" }, t("editor.hint")));
    const handlers = { click: (event) => this.#clicked(event) };
    this.#extensions = settings(() => this.#changed(), handlers);
    this.#view = new EditorView({ root, parent: root, extensions: this.#extensions });
    this.#origin = this.#view.state.doc;
  }

  disconnectedCallback() {
    this.#view.destroy();
  }

  /** As it was set, until it is edited; from then on lines end with LF. */
  get text() {
    const { doc } = this.#view.state;
    return doc.eq(this.#origin) ? this.#given.given : doc.toString();
  }

  /** Takes all marks away. But for the first text, it can be undone by hand, and that is an `edit`. */
  set text(text) {
    if (text === this.text) return;
    const lines = new Lines(text);
    if (this.#begun) this.#replace(lines.shown);
    else this.#view.setState(EditorState.create({ doc: lines.shown, extensions: this.#extensions }));
    this.#begun = true;
    this.#given = lines;
    this.#origin = this.#view.state.doc;
  }

  /** Mark the sentences of `result`, which was made from the text as it is; null takes all marks away. */
  paint(result) {
    this.#view.dispatch({ effects: painted(placed(this.text, result), [], false) });
  }

  /** The same for a result on the beginning of the text, up to a UTF-16 offset: what is marked behind it stays so. */
  paintSoFar(result, end) {
    const { text } = this;
    const from = new Lines(text).toShown(end);
    const kept = marks(this.#view.state).filter((each) => each.from >= from);
    this.#view.dispatch({ effects: painted(placed(text, result), kept, true) });
  }

  /** Scroll to a sentence and mark it; false where it is not marked, because its text was edited since. */
  reveal(index) {
    const found = marks(this.#view.state).find((each) => each.index === index);
    if (found) this.#show(found);
    return Boolean(found);
  }

  /** Open the sentence at the cursor. */
  pickHere() {
    const { head } = this.#view.state.selection.main;
    const found = marks(this.#view.state).find(({ from, to }) => from <= head && head <= to);
    if (found) this.#pick(found, t("editor.picked", this.#said(found)));
  }

  /** Go to the next (1) or the previous (-1) flagged sentence and open it. */
  walk(step) {
    const { head } = this.#view.state.selection.main;
    const flagged = marks(this.#view.state).filter((each) => each.flagged);
    const found = step > 0 ? flagged.find(({ from }) => from > head) : flagged.findLast(({ to }) => to < head);
    if (!found) return announce(t(flagged.length ? "editor.no_more" : "editor.none"));
    this.focus();
    this.#show(found);
    const at = flagged.indexOf(found) + 1;
    return this.#pick(found, t("editor.walked", { ...this.#said(found), at, of: flagged.length }));
  }

  search() {
    openSearchPanel(this.#view);
  }

  focus() {
    this.#view.focus();
  }

  /** A step of its own among those that can be undone: it joins neither what was typed before it nor after. */
  #replace(insert) {
    const changes = { from: 0, to: this.#view.state.doc.length, insert };
    this.#setting = true;
    this.#view.dispatch({ changes, selection: { anchor: 0 }, scrollIntoView: true, userEvent: "set" });
    this.#view.dispatch({ selection: { anchor: 0 }, userEvent: "select" });
    this.#setting = false;
  }

  #show({ from, to }) {
    const scroll = EditorView.scrollIntoView(from, { y: "center" });
    this.#view.dispatch({ selection: { anchor: from }, effects: [shownAs({ from, to }), scroll] });
  }

  /** What is provisional has no report yet that could be opened. */
  #pick(found, said) {
    this.#view.dispatch({ effects: shownAs(found) });
    if (!found.provisional) this.dispatchEvent(new CustomEvent("pick", { detail: found.index }));
    announce(said);
  }

  #said({ from, to, probability }) {
    return { percent: percent(probability), text: this.#view.state.sliceDoc(from, to) };
  }

  /** A click opens a sentence, and the end of a selection does not. */
  #clicked({ target }) {
    const mark = target.closest?.("[data-index]");
    if (!mark || !this.#view.state.selection.main.empty) return;
    const found = marks(this.#view.state).find(({ index }) => index === Number(mark.dataset.index));
    if (found) this.#pick(found, t("editor.picked", this.#said(found)));
  }

  #changed() {
    this.#begun = true;
    if (!this.#setting) this.dispatchEvent(new Event("edit"));
  }
}

customElements.define("lab-editor", LabEditor);

/** `<lab-result>`: reads `state.result` out to people. Dispatches `reveal` with a sentence's index. */

import { distributions } from "../charts/distributions.js";
import { map } from "../charts/map.js";
import { radar } from "../charts/radar.js";
import { rhythm } from "../charts/rhythm.js";
import { detector } from "../core/detector.js";
import { announce, el, fill } from "../core/dom.js";
import { Lasting } from "../core/lasting.js";
import { told } from "../core/notes.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";
import { actions } from "./actions.js";
import { declared } from "./declared.js";
import { exportMenu } from "./exports.js";
import { findings } from "./findings.js";
import { harmLimit } from "./harm.js";
import { keeping } from "./keeping.js";
import { sentenceCard } from "./sentence.js";
import { verdict } from "./verdict.js";

/** So many signals stand around the profile. */
const AXES = 10;

class LabResult extends HTMLElement {
  #known = null;
  #lasting = new Lasting(this);
  /** The sentence that is open: its index, and the hash `of` its text. */
  #open = null;
  #picked = el("div", { class: "picked", "aria-live": "polite" });

  connectedCallback() {
    this.heard = async () => {
      if (await this.show()) announce(spoken(state.result.shown));
    };
    state.addEventListener("result", this.heard);
    this.show();
  }

  disconnectedCallback() {
    state.removeEventListener("result", this.heard);
  }

  /** Open a sentence: what it is made of, beside the text. */
  pick(index) {
    const { result } = state;
    if (!result || !(index in result.document.sentences)) return;
    this.#open = { index, of: result.document.text_sha256 };
    this.#lasting.keep(() => this.#pick(result));
    this.#picked.scrollIntoView({ block: "nearest" });
  }

  /** Show what is known now; true where that is a result, and still the last. */
  async show() {
    const { result } = state;
    const known = result && (await told(() => detector(result.detector.name)));
    if (result !== state.result) return false;
    this.#known = known;
    this.#lasting.keep(() => (result ? this.#fill(result, known) : fill(this, el("p", { class: "empty card" }, t("result.empty")))));
    return result !== null;
  }

  #fill(result, known) {
    this.#pick(result);
    fill(this, verdict(result), keeping(result), known && harmLimit(known.targets), known && declared(known), this.#picked,
      result.shown.measurable ? this.#measured(result, known) : null, findings(result.document), exportMenu(), origin(result.shown));
  }

  /** Another report on the same text keeps its sentence open. */
  #pick(result) {
    const { document: report, shown } = result;
    const index = this.#open?.of === report.text_sha256 ? this.#open.index : null;
    if (index === null) fill(this.#picked, shown.measurable && el("p", { class: "soft" }, t("result.pick")));
    else fill(this.#picked, sentenceCard(report, index, (key) => this.#name(key), (at) => this.#reveal(at)), actions(result, index));
  }

  #measured({ document: report, shown }, known) {
    const reveal = (index) => this.#reveal(index);
    const main = shown.signals.filter((signal) => signal.main);
    const more = shown.signals.filter((signal) => !signal.main);
    const drawn = shown.signals.filter(({ key }) => known?.reference[key] && !key.startsWith("near_")).slice(0, AXES);
    return [
      part("map", map(report, reveal)),
      part("signals", distributions(main, known?.distributions), el("p", { class: "soft" }, t("signals.legend")),
        el("details", { class: "more-signals" }, el("summary", {}, t("signals.more", { count: more.length })), distributions(more, known?.distributions)),
        shown.decided && el("p", {}, shown.decided)),
      part("radar", drawn.length > 2 && radar(drawn, known.reference), el("p", { class: "soft" }, t("radar.legend"))),
      part("rhythm", rhythm(report.sentences, reveal)),
    ];
  }

  #name(key) {
    return this.#known?.names[key] ?? key;
  }

  #reveal(index) {
    this.pick(index);
    this.dispatchEvent(new CustomEvent("reveal", { detail: index, bubbles: true }));
  }
}

/** For those who do not see that the result is there. */
function spoken({ verdict: said, number }) {
  return number ? t("result.spoken", { verdict: said, number }) : said;
}

function part(key, ...inside) {
  return el("section", { class: `card part-${key}` }, el("h2", {}, t(`${key}.title`)), inside);
}

function origin(shown) {
  const rows = Object.entries(shown.origin).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  return el("details", { class: "card origin" }, el("summary", {}, t("result.origin")), el("dl", {}, rows));
}

customElements.define("lab-result", LabResult);

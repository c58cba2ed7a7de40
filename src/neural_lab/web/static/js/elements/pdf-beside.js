/** What stands beside the pages: the result, or where a shared passage comes from. */

import { el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { t } from "../core/words.js";
import { passageCard, passagesSaid } from "./passage.js";
import "./result.js";

/** Dispatches `reveal` with the index of a sentence that shall be shown. */
export class Beside extends EventTarget {
  #result = el("lab-result");
  #passages = el("div", { class: "passages", "aria-live": "polite" });
  #audit = null;
  element = el("section", { class: "told", "aria-label": t("check.told") }, this.#result, this.#passages);

  constructor() {
    super();
    this.#result.addEventListener("reveal", ({ detail }) => this.dispatchEvent(new CustomEvent("reveal", { detail })));
  }

  /** Show what belongs to a layer of marks; `audit` may be null while it is being asked for. */
  show(layer, audit) {
    const [before, passages] = [this.#audit, layer === "passages"];
    this.#audit = audit;
    this.#result.hidden = passages;
    this.#passages.hidden = !passages;
    if (passages && (audit !== before || !audit)) fill(this.#passages, passagesSaid(audit));
  }

  sentence(index) {
    this.#result.pick(index);
  }

  /** Both texts of a match. */
  async passage(number, text, title) {
    const audit = this.#audit;
    const card = await told(() => passageCard(audit.matches[number], text, title));
    if (!card || this.#audit !== audit) return;
    fill(this.#passages, passagesSaid(audit), card);
    card.scrollIntoView({ block: "nearest" });
  }
}

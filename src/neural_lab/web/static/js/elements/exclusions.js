/** What does not count in an audit: switches that compute the result anew at once. */

import { choose } from "../core/browser.js";
import { el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { post } from "../core/api.js";
import { t } from "../core/words.js";

const SWITCHES = ["quotations", "bibliography", "drafts", "itself"];

/** Holds the switches; dispatches `change`. `values` is what the service takes, `templates` are texts. */
export class Exclusions extends EventTarget {
  values = { quotations: false, bibliography: false, drafts: false, itself: true, smaller_than: 0, sources: [] };
  templates = [];
  element = el("fieldset", { class: "exclusions" }, el("legend", {}, t("integrity.exclude")),
    SWITCHES.map((name) => this.#box(name)), this.#smallest(), this.#template());

  /** Leave a source out, or count it again. */
  toggle(source) {
    const left = new Set(this.values.sources);
    if (!left.delete(source)) left.add(source);
    this.#set({ sources: [...left] });
  }

  #box(name) {
    const box = el("input", { type: "checkbox", props: { checked: this.values[name] }, on: { change: () => this.#set({ [name]: box.checked }) } });
    return el("label", {}, box, t(`integrity.${name}`));
  }

  #smallest() {
    const input = el("input", { type: "number", min: 0, max: 1_000_000, step: 10, value: 0, id: "smaller" });
    input.addEventListener("change", () => this.#set({ smaller_than: Math.max(0, Math.floor(Number(input.value)) || 0) }));
    return el("label", { for: "smaller" }, t("integrity.smaller"), " ", input);
  }

  #template() {
    const said = el("span", { class: "soft" });
    const add = async () => {
      const [file] = await choose();
      const read = file && (await told(() => post("/v1/texts", form(file))));
      if (!read) return;
      this.templates.push(read.text);
      fill(said, t("integrity.templates", { count: this.templates.length }));
      this.#set({});
    };
    return el("div", { class: "buttons" }, el("button", { type: "button", on: { click: add } }, t("integrity.template")), said);
  }

  #set(changed) {
    this.values = { ...this.values, ...changed };
    this.dispatchEvent(new Event("change"));
  }
}

function form(file) {
  const made = new FormData();
  made.append("file", file);
  return made;
}

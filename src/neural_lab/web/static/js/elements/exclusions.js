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
  #boxes = new Map(SWITCHES.map((name) => [name, this.#box(name)]));
  #smallest = el("input", { type: "number", min: 0, max: 1_000_000, step: 10, value: 0, id: "smaller", on: { change: () => this.#shortest() } });
  element = el("fieldset", { class: "exclusions" }, el("legend", {}, t("integrity.exclude")),
    SWITCHES.map((name) => el("label", {}, this.#boxes.get(name), t(`integrity.${name}`))),
    el("label", { for: "smaller" }, t("integrity.smaller"), " ", this.#smallest), this.#template());

  /** Show the exclusions of an audit that was kept. */
  take(found) {
    for (const name of Object.keys(this.values)) this.values[name] = found[name] ?? this.values[name];
    for (const [name, box] of this.#boxes) box.checked = this.values[name];
    this.#smallest.value = this.values.smaller_than;
  }

  /** Leave a source out, or count it again. */
  toggle(source) {
    const left = new Set(this.values.sources);
    if (!left.delete(source)) left.add(source);
    this.#set({ sources: [...left] });
  }

  #box(name) {
    const box = el("input", { type: "checkbox", props: { checked: this.values[name] }, on: { change: () => this.#set({ [name]: box.checked }) } });
    return box;
  }

  #shortest() {
    this.#set({ smaller_than: Math.max(0, Math.floor(Number(this.#smallest.value)) || 0) });
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

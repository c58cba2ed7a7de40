/** "This flag is wrong": what is said about one sentence, put into the owner's own quarantine, with consent. */

import { post } from "../core/api.js";
import { el } from "../core/dom.js";
import { note, told } from "../core/notes.js";
import { percent } from "../core/numbers.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

const LONGEST = 10_000;
const LONGEST_NOTE = 1_000;

/** Ask what is wrong with a sentence's number, and hand it in if somebody agrees to that. */
export function dispute(sentence) {
  const claim = choice();
  const about = el("textarea", { id: "dispute-note", rows: 3, maxlength: LONGEST_NOTE });
  const consent = el("input", { type: "checkbox", required: true });
  const cancel = el("button", { type: "button", on: { click: () => dialog.close() } }, t("actions.cancel"));
  const form = el("form", { on: { submit: (event) => handed(event, sentence, claim, about.value, dialog) } },
    el("h2", {}, t("dispute.title")),
    el("blockquote", { class: "quoted", dir: "auto" }, sentence.text),
    el("p", { class: "soft" }, t("dispute.shown", { probability: percent(sentence.probability) })),
    claim.element,
    el("div", { class: "field" }, el("label", { for: "dispute-note" }, t("dispute.note")), about),
    el("label", { class: "consent" }, consent, t("dispute.consent")),
    el("p", { class: "soft" }, t("dispute.about")),
    el("div", { class: "buttons" }, el("button", { class: "main" }, t("dispute.send")), cancel));
  const dialog = el("dialog", { class: "dispute", "aria-label": t("dispute.title"), on: { close: () => dialog.remove() } }, form);
  document.body.append(dialog);
  dialog.showModal();
}

function choice() {
  const options = ["human", "machine"].map((name, at) =>
    el("label", {}, el("input", { type: "radio", name: "claim", value: name, props: { checked: at === 0 } }), t(`dispute.${name}`)));
  const element = el("fieldset", {}, el("legend", {}, t("dispute.claim")), options);
  return { element, value: () => element.querySelector("input:checked").value };
}

async function handed(event, sentence, claim, said, dialog) {
  event.preventDefault();
  const { result } = state;
  const whole = [...sentence.text];
  const passage = whole.slice(0, LONGEST);
  const body = {
    title: state.document.title, text_sha256: result.document.text_sha256, start: sentence.start,
    end: sentence.start + passage.length, passage: passage.join(""), probability: sentence.probability,
    detector: { name: result.detector.name, version: result.detector.version }, claim: claim.value(), note: said, consent: true,
  };
  const kept = await told(() => post("/v1/disputes", body));
  if (!kept) return;
  dialog.close();
  note(t("dispute.kept"));
}

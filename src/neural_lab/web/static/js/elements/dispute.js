/** "This flag is wrong": what is said about one sentence, put into the owner's own quarantine, with consent. */

import { post } from "../core/api.js";
import { el } from "../core/dom.js";
import { note, told } from "../core/notes.js";
import { percent } from "../core/numbers.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

const LONGEST = 10_000;
const LONGEST_NOTE = 1_000;

/** Ask what is wrong with a number of a `result`, and hand it in if somebody agrees to that. */
export function dispute(result, sentence) {
  const known = { ...identified(result), ...claimed(sentence) };
  const claim = choice();
  const about = el("textarea", { id: "dispute-note", rows: 3, maxlength: LONGEST_NOTE });
  const consent = el("input", { type: "checkbox", required: true });
  const training = el("input", { type: "checkbox" });
  const cancel = el("button", { type: "button", on: { click: () => dialog.close() } }, t("actions.cancel"));
  const form = el("form", { on: { submit: (event) => handed(event, { ...known, claim: claim.value(), note: about.value, training_consent: training.checked }, dialog) } },
    el("h2", {}, t("dispute.title")),
    el("blockquote", { class: "quoted", dir: "auto" }, sentence.text),
    el("p", { class: "soft" }, t("dispute.shown", { probability: percent(sentence.probability) })),
    claim.element,
    el("div", { class: "field" }, el("label", { for: "dispute-note" }, t("dispute.note")), about),
    el("label", { class: "consent" }, consent, t("dispute.consent")),
    el("label", { class: "consent" }, training, t("dispute.training")),
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

/** Which text and detector it is about: as they were when somebody asked, whatever is typed meanwhile. */
function identified({ document: report, detector: { name, version } }) {
  return { title: state.document.title, text_sha256: report.text_sha256, detector: { name, version } };
}

function claimed({ text, start, probability }) {
  const passage = [...text].slice(0, LONGEST);
  return { start, end: start + passage.length, passage: passage.join(""), probability };
}

async function handed(event, body, dialog) {
  event.preventDefault();
  const kept = await told(() => post("/v1/disputes", { ...body, consent: true }));
  if (!kept) return;
  dialog.close();
  note(t("dispute.kept"));
}

/** What this owner has said is wrong, what became of it, and what may be taken back. */

import { get, patch, remove } from "../core/api.js";
import { announce, el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { moment, percent } from "../core/numbers.js";
import { t } from "../core/words.js";

const MOST = 1_000;

export async function disputes() {
  const found = await told(() => get(`/v1/disputes?most=${MOST}`));
  if (!found?.disputes.length) return el("p", { class: "soft" }, t("dispute.none"));
  return el("ul", { class: "bare" }, found.disputes.map(item));
}

function item(dispute) {
  const withdrawn = async () => {
    const gone = await told(async () => {
      await remove(`/v1/disputes/${dispute.id}`);
      return true;
    });
    if (gone) shown.remove();
  };
  const said = t("dispute.said", { claim: t(`dispute.${dispute.claim}`), probability: percent(dispute.probability), when: moment(dispute.created) });
  const shown = el("li", { class: "dispute-row" }, el("blockquote", { class: "quoted", dir: "auto" }, dispute.passage), el("p", { class: "soft" }, said),
    dispute.note && el("p", { dir: "auto" }, dispute.note), el("p", {}, t(`dispute.states.${dispute.state}`)),
    dispute.review_note && el("p", { class: "soft", dir: "auto" }, t("dispute.reviewed", { note: dispute.review_note })),
    training(dispute), el("button", { on: { click: withdrawn } }, t("dispute.withdraw")));
  return shown;
}

/** Whether detectors may be trained on it; it shows what the service has kept, also when that went wrong. */
function training(dispute) {
  const answer = el("span", { class: "soft" });
  let asked = Promise.resolve();
  // One after the other: what was said last is what is kept.
  const change = () => {
    const agreed = box.checked;
    asked = asked.then(() => changed(agreed));
  };
  const box = el("input", { type: "checkbox", on: { change } });
  const show = ({ training_consented: agreed }) => {
    box.checked = Boolean(agreed);
    fill(answer, t(agreed ? "dispute.yes" : "dispute.no"));
    return answer.textContent;
  };
  const changed = async (agreed) => {
    const kept = await told(() => patch(`/v1/disputes/${dispute.id}`, { training_consent: agreed }));
    dispute = kept ?? dispute;
    const said = show(dispute);
    if (kept) announce(said);
  };
  show(dispute);
  return el("p", {}, el("label", {}, box, t("dispute.used")), " ", answer);
}

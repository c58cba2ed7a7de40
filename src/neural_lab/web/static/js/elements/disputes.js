/** What this owner has said is wrong, and may take back. */

import { get, remove } from "../core/api.js";
import { el } from "../core/dom.js";
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
    dispute.note && el("p", { dir: "auto" }, dispute.note), el("button", { on: { click: withdrawn } }, t("dispute.withdraw")));
  return shown;
}

/** What is worth a look in a text beside its score: findings, and slips of the kind people make. */

import { el } from "../core/dom.js";
import { t } from "../core/words.js";

const MOST = 30;

export function findings(report) {
  return [
    list("findings", report.findings, (each) => `${t(`findings.${each.kind}`)}: ${each.detail}`),
    list("evidence", report.human_evidence, (each) => each.detail),
  ];
}

function list(kind, found, said) {
  if (!found.length) return null;
  const items = found.slice(0, MOST).map((each) => el("li", { dir: "auto" }, said(each)));
  const more = found.length > MOST && el("p", { class: "soft" }, t("findings.more", { count: found.length - MOST }));
  return el("details", { class: `card ${kind}` },
    el("summary", {}, `${t(`result.${kind}`)} (${found.length})`), el("p", { class: "soft" }, t(`result.${kind}_note`)),
    el("ul", {}, items), more);
}

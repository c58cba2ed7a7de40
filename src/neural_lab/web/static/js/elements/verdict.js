/** What was concluded of a text, in the service's own words, and what that does not show. */

import { breakdown } from "../charts/breakdown.js";
import { gauge } from "../charts/gauge.js";
import { el } from "../core/dom.js";
import { t } from "../core/words.js";

/** The card of a result; it opens with the verdict and closes with the limits of what it says. */
export function verdict(result) {
  const { document: report, shown } = result;
  return el("section", { class: `card verdict ${report.verdict}`, "aria-label": t("result.title") },
    el("div", { class: "headline" }, el("h2", {}, shown.verdict), shown.number && el("p", { class: "figure" }, shown.number)),
    el("p", {}, shown.conclusion),
    shown.measurable ? measured(report, shown) : el("p", { class: "soft" }, shown.unmeasured),
    limits(shown.limits));
}

function measured(report, shown) {
  const [first, ...further] = shown.rates;
  return [
    gauge(report),
    el("p", {}, shown.probability_line),
    shown.notes.map((said) => el("p", { class: "caution" }, said)),
    first && el("p", { class: "rate" }, first),
    [...further, shown.target].filter(Boolean).map((said) => el("p", { class: "soft" }, said)),
    el("h3", {}, t("breakdown.title")),
    breakdown(report.breakdown, shown.breakdown),
  ];
}

function limits(lines) {
  return el("details", { class: "limits", open: true }, el("summary", {}, t("result.limits")),
    el("ul", {}, lines.map((said) => el("li", {}, said))));
}

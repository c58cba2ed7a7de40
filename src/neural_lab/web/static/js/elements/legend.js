/** What the colours and lines in a text mean, and how much of it has them. */

import { el } from "../core/dom.js";
import { share } from "../core/numbers.js";
import { t } from "../core/words.js";

const STEPS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** `result` may be null; `provisional`: whether some marks are. */
export function legend(result, provisional) {
  const report = result?.shown?.measurable ? result.document : null;
  return [
    el("div", { class: "ramp", role: "img", "aria-label": t("legend.ramp") },
      el("span", { class: "soft" }, "0%"), STEPS.map((p) => el("i", { class: `s p${p}` })), el("span", { class: "soft" }, "100%")),
    el("ul", {},
      sample("s flagged p95", "flagged"), sample("s leaning p60", "leaning"),
      provisional && sample("s leaning p60 provisional", "provisional"),
      report?.findings.length > 0 && sample("notice", "finding"),
      report?.human_evidence.length > 0 && sample("notice typing_error", "evidence")),
    report && el("p", { class: "rule" }, t("legend.share", { share: share(report.share_flagged) }), " ", result.shown.breakdown?.rule),
  ];
}

function sample(kind, key) {
  return el("li", {}, el("span", { class: kind, "aria-hidden": "true" }, t("legend.sample")), " ", t(`legend.${key}`));
}

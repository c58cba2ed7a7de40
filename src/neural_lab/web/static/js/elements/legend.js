/** What the colours and lines in a text mean, and how much of it has them. */

import { el } from "../core/dom.js";
import { share } from "../core/numbers.js";
import { t } from "../core/words.js";

const STEPS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** `result` may be null; `provisional`: whether some marks are. */
export function legend(result, provisional) {
  const report = result?.shown?.measurable ? result.document : null;
  return [
    ramp(),
    el("ul", {},
      sample("s flagged p95", "flagged"), sample("s leaning p60", "leaning"),
      provisional && sample("s leaning p60 provisional", "provisional"),
      report?.findings.length > 0 && sample("notice", "finding"),
      report?.human_evidence.length > 0 && sample("notice typing_error", "evidence")),
    report && el("p", { class: "rule" }, flagged(report), " ", result.shown.breakdown.rule),
  ];
}

function ramp() {
  const ends = ["0%", "100%"].map((said) => el("span", { class: "soft" }, said));
  const steps = STEPS.map((p) => el("i", { class: `s p${p}` }));
  return el("div", { class: "ramp", role: "img", "aria-label": t("legend.ramp") }, ends[0], steps, ends[1]);
}

const flagged = (report) => t("legend.share", { share: share(report.share_flagged) });

function sample(kind, key) {
  return el("li", {}, el("span", { class: kind, "aria-hidden": "true" }, t("legend.sample")), " ", t(`legend.${key}`));
}

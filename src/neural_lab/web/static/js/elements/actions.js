/** What can be done about one sentence. */

import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { dispute } from "./dispute.js";

export function actions(report, index) {
  const sentence = report.sentences[index];
  return el("div", { class: "buttons" }, el("button", { on: { click: () => dispute(sentence) } }, t("dispute.open")));
}

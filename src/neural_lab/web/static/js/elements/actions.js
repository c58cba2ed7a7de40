/** What can be done about one sentence. */

import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { dispute } from "./dispute.js";

export function actions(result, index) {
  const sentence = result.document.sentences[index];
  return el("div", { class: "buttons" }, el("button", { on: { click: () => dispute(result, sentence) } }, t("dispute.open")));
}

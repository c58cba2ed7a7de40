/** What can be done about one sentence. */

import { el } from "../core/dom.js";
import { stores } from "../core/preferences.js";
import { t } from "../core/words.js";
import { dispute } from "./dispute.js";

/** Nothing where nothing may be kept: a dispute would be refused. */
export function actions(result, index) {
  if (!stores()) return null;
  const sentence = result.document.sentences[index];
  return el("div", { class: "buttons" }, el("button", { on: { click: () => dispute(result, sentence) } }, t("dispute.open")));
}

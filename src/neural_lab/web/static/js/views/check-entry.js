/** A report that was kept, as it was. */

import { get } from "../core/api.js";
import { note } from "../core/notes.js";
import { go } from "../core/router.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

/** Open entry `number` of the history. Nothing is scored; a report that lacks what is shown today leaves its text. */
export async function openEntry(number) {
  const entry = await get(`/v1/history/${encodeURIComponent(number)}`);
  state.setDocument({ text: entry.text, title: entry.title });
  if (entry.kind === "audit") {
    state.setAudit(entry.report);
    go("integrity");
  } else if (entry.report?.shown) {
    state.setResult(result(entry));
  } else {
    note(t("check.old_entry"));
  }
}

/** As the service answers when it scores. */
function result({ id, detector, report }) {
  const { shown, ...document } = report;
  const [name, version] = detector.split(/ (?=\S+$)/);
  return { schema: 1, detector: { name, version }, document, shown, entry: id };
}

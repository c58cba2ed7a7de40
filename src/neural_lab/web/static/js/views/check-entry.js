/** A report that was kept, as it was. */

import { get } from "../core/api.js";
import { note } from "../core/notes.js";
import { go } from "../core/router.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

/** Open entry `number` of the history. Nothing is scored; a report that lacks what is shown today leaves its text. */
export async function openEntry(number, signal) {
  const entry = await get(`/v1/history/${encodeURIComponent(number)}`, { signal });
  signal.throwIfAborted();
  state.setDocument({ text: entry.text, title: entry.title });
  // From here on this is the text that is worked on: whoever comes back to it finds their edits.
  window.history.replaceState(null, "", "#/check");
  if (entry.kind === "audit" && entry.report?.exclusions) {
    state.setAudit(entry.report, { created: entry.created, library: entry.settings?.library ?? null });
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

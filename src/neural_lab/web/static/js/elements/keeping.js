/** Whether a report is in the history, and how it gets there. */

import { el } from "../core/dom.js";
import { keeps } from "../core/preferences.js";
import { t } from "../core/words.js";

export function keeping({ entry }) {
  const said = entry ? "result.kept" : keeps() ? "result.not_kept" : "result.never_kept";
  const link = entry || !keeps() ? el("a", { href: entry ? "#/history" : "#/settings" }, t(entry ? "views.history" : "views.settings")) : null;
  return el("p", { class: "soft keeping" }, t(said), " ", link);
}

/** The reports that were kept: found, opened, set beside each other, deleted. */

import { download, remove } from "../core/api.js";
import { save } from "../core/browser.js";
import { el, fill } from "../core/dom.js";
import { confirmed, note, told } from "../core/notes.js";
import { go } from "../core/router.js";
import { service, state } from "../core/state.js";
import { t } from "../core/words.js";
import { EntryList } from "../elements/entry-list.js";

export async function render(root) {
  const both = el("button", { disabled: true, on: { click: () => go(`versions/${list.chosen.join("/")}`) } }, t("history.compare"));
  const list = new EntryList(() => Object.assign(both, { disabled: list.chosen.length !== 2 }));
  const exported = () => told(async () => save(await download("GET", "/v1/history/export"), "history.jsonl"));
  fill(root, el("h1", {}, t("views.history")), el("p", {}, t(keeping())),
    el("div", { class: "buttons" }, both, el("button", { on: { click: exported } }, t("history.export")),
      el("button", { class: "danger", on: { click: () => purged(list) } }, t("history.purge"))),
    list.element);
  await list.reload();
}

/** What is said about new reports. */
function keeping() {
  const { keep, zero_retention: none } = state.preferences;
  if (!service.keeps) return "history.service_off";
  return none ? "history.none_kept" : keep ? "history.on" : "history.off";
}

async function purged(list) {
  if (!(await confirmed(t("history.sure_all"), t("history.purge"), t("history.for_good")))) return;
  const gone = await told(() => remove("/v1/history"));
  if (gone) note(t("history.gone", { count: gone.deleted }));
  await list.reload();
}

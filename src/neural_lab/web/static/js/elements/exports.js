/** What can be taken away: the evidence pack, as a page, for the printer or as JSON. */

import { el } from "../core/dom.js";
import { openPack, savePack } from "../core/evidence.js";
import { told } from "../core/notes.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

export function exportMenu() {
  const bare = el("input", { type: "checkbox" });
  const trail = el("input", { type: "checkbox", disabled: !state.draft });
  const wishes = () => ({ withoutText: bare.checked, trail: trail.checked });
  const button = (name, action) => el("button", { on: { click: () => told(action) } }, t(`exports.${name}`));
  return el("details", { class: "card exports" }, el("summary", {}, t("exports.title")),
    el("p", { class: "soft" }, t("exports.about")),
    el("div", { class: "options" }, el("label", {}, bare, t("exports.without_text")), el("label", {}, trail, t("exports.trail"))),
    el("div", { class: "buttons" }, button("html", () => savePack("html", wishes())),
      button("print", async () => openPack(wishes())), button("json", () => savePack("json", wishes()))),
    el("p", { class: "soft" }, t("exports.verify"), " ", el("code", {}, "neural-lab verify")));
}

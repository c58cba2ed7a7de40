/** The draft trail: how a text came about, kept here, for whoever wrote it. */

import { download, get, remove } from "../core/api.js";
import { save } from "../core/browser.js";
import { el, fill } from "../core/dom.js";
import { startTrail, stopTrail } from "../core/drafts.js";
import { confirmed, told } from "../core/notes.js";
import { count, moment } from "../core/numbers.js";
import { stores } from "../core/preferences.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";
import { snapshots } from "../elements/snapshots.js";

export async function render(root) {
  const [control, list, opened] = [el("div", { class: "card" }), el("div", {}), el("div", {})];
  const show = () => fill(control, switches());
  const reload = () => drafts(list, opened, reload);
  const changed = () => {
    show();
    reload();
  };
  state.addEventListener("draft", changed);
  fill(root, el("h1", {}, t("views.trail")), el("p", {}, t("trail.about")), control, list, opened);
  show();
  await reload();
  return () => state.removeEventListener("draft", changed);
}

function switches() {
  const empty = !state.document.text.trim();
  if (!stores() && !state.draft) return el("p", {}, t("trail.never"), " ", el("a", { href: "#/settings" }, t("views.settings")));
  const begin = el("button", { class: "main", disabled: empty, on: { click: () => told(startTrail) } }, t("trail.start"));
  const end = el("button", { on: { click: () => told(stopTrail) } }, t("trail.stop"));
  return [el("p", {}, t(state.draft ? "trail.on" : empty ? "trail.no_text" : "trail.off")), el("div", { class: "buttons" }, state.draft ? end : begin)];
}

async function drafts(list, opened, reload) {
  const found = await told(() => get("/v1/trails"));
  if (!found) return;
  if (!found.drafts.length) {
    fill(list, el("p", { class: "empty" }, t("trail.none")));
    return;
  }
  const columns = ["title", "updated", "snapshots", "actions"].map((key) => el("th", { scope: "col" }, t(`trail.columns.${key}`)));
  const rows = found.drafts.map((draft) => row(draft, opened, reload));
  fill(list, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("trail.drafts") },
    el("table", {}, el("thead", {}, el("tr", {}, columns)), el("tbody", {}, rows))),
  el("button", { class: "danger", on: { click: () => purged(reload, opened) } }, t("trail.purge")));
}

function row(draft, opened, reload) {
  const name = draft.title || t("trail.untitled");
  const open = async () => {
    const chain = await told(() => get(`/v1/trails/${draft.id}?texts=false`));
    if (chain) fill(opened, snapshots(chain)).firstElementChild.focus();
  };
  const exported = () => told(async () => {
    save(await download("GET", `/v1/trails/${draft.id}?texts=true`), `trail-${draft.id.slice(0, 8)}.json`);
  });
  const deleted = async () => {
    if (!(await confirmed(t("trail.sure", { name }), t("actions.delete"), t("trail.for_good")))) return;
    await told(() => remove(`/v1/trails/${draft.id}`));
    fill(opened);
    await reload();
  };
  return el("tr", {},
    el("th", { scope: "row" }, el("button", { class: "plain name", dir: "auto", on: { click: open } }, name)),
    el("td", {}, moment(draft.updated)), el("td", { class: "number" }, count(draft.snapshots)),
    el("td", {}, el("div", { class: "buttons" }, el("button", { on: { click: exported } }, t("trail.export")),
      el("button", { class: "danger", "aria-label": t("trail.delete", { name }), on: { click: deleted } }, t("actions.delete")))));
}

async function purged(reload, opened) {
  if (!(await confirmed(t("trail.sure_all"), t("actions.delete"), t("trail.for_good")))) return;
  await told(() => remove("/v1/trails"));
  fill(opened);
  await reload();
}

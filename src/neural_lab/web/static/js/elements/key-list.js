/** Keys of somebody's programs: made, shown once, taken back. */

import { get, post, remove } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { confirmed, told } from "../core/notes.js";
import { moment } from "../core/numbers.js";
import { t } from "../core/words.js";

const SCOPES = ["detect", "documents", "audit", "library", "history", "jobs"];

export async function keyList() {
  const [rows, shown] = [el("tbody", {}), el("div", { "aria-live": "polite" })];
  const reload = async () => {
    const found = await told(() => get("/v1/account/keys"));
    if (found) fill(rows, found.keys.length ? found.keys.map((key) => row(key, reload)) : el("tr", {}, el("td", { colspan: 4, class: "soft" }, t("account.no_keys"))));
  };
  await reload();
  const columns = ["label", "scopes", "created", "actions"].map((key) => el("th", { scope: "col" }, t(`account.key.${key}`)));
  return [el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("account.keys") },
    el("table", {}, el("thead", {}, el("tr", {}, columns)), rows)), maker(shown, reload), shown];
}

function row(key, reload) {
  const name = key.label || t("account.key.unnamed", { id: key.id });
  const gone = async () => {
    if (!(await confirmed(t("account.key.sure", { name }), t("actions.delete")))) return;
    await told(() => remove(`/v1/account/keys/${key.id}`));
    await reload();
  };
  return el("tr", {}, el("th", { scope: "row", dir: "auto" }, name), el("td", {}, key.scopes.join(", ")), el("td", {}, moment(key.created)),
    el("td", {}, el("button", { class: "danger", "aria-label": t("account.key.delete", { name }), on: { click: gone } }, t("actions.delete"))));
}

function maker(shown, reload) {
  const label = el("input", { id: "key-label", maxlength: 100 });
  const boxes = SCOPES.map((scope) => el("input", { type: "checkbox", value: scope, props: { checked: scope === "detect" } }));
  const submitted = async (event) => {
    event.preventDefault();
    const scopes = boxes.filter((box) => box.checked).map((box) => box.value);
    const made = await told(() => post("/v1/account/keys", { label: label.value, scopes }));
    if (!made) return;
    fill(shown, el("p", {}, t("account.key.once")), el("output", { class: "key" }, made.key));
    await reload();
  };
  return el("form", { on: { submit: submitted } }, el("div", { class: "field" }, el("label", { for: "key-label" }, t("account.key.label")), label),
    el("fieldset", { class: "choices" }, el("legend", {}, t("account.key.scopes")), boxes.map((box) => el("label", {}, box, box.value))),
    el("button", {}, t("account.key.make")));
}

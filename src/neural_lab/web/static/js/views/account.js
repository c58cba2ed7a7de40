/** Whoever is logged in: password, keys for programs, leaving. */

import { put, remove } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { note } from "../core/notes.js";
import { moment } from "../core/numbers.js";
import { service, state } from "../core/state.js";
import { t } from "../core/words.js";
import { keyList } from "../elements/key-list.js";

export async function render(root) {
  if (!service.accounts || !state.account) {
    fill(root, el("h1", {}, t("views.account")), el("p", {}, t(service.accounts ? "account.nobody" : "account.single")),
      service.accounts && el("a", { class: "button", href: "#/login" }, t("views.login")));
    return;
  }
  const { name, created } = state.account;
  fill(root, el("h1", { dir: "auto" }, name), el("p", { class: "soft" }, t("account.since", { when: moment(created) })),
    el("button", { on: { click: leave } }, t("account.log_out")),
    el("section", { class: "card" }, el("h2", {}, t("account.password")), passwordForm()),
    el("section", { class: "card" }, el("h2", {}, t("account.keys")), el("p", { class: "soft" }, t("account.keys_about")), await keyList()),
    el("section", { class: "card" }, el("h2", {}, t("account.delete")), el("p", {}, t("account.delete_about")), deleteForm()));
}

async function leave() {
  await remove("/v1/session").catch(() => null);
  window.location.assign("/");
}

function passwordForm() {
  return form([["password", "current-password"], ["new_password", "new-password"]], "account.change", async (body) => {
    await put("/v1/account/password", body);
    note(t("account.changed"));
  });
}

function deleteForm() {
  return form([["password", "current-password"]], "account.delete_now", async (body) => {
    await remove("/v1/account", body);
    window.location.assign("/");
  }, "danger");
}

/** A form of password fields; what goes wrong is said beside it, and what went well empties it. */
function form(fields, label, send, look = "main") {
  const inputs = fields.map(([name, hint]) => el("input", { id: `${label}-${name}`, name, type: "password", autocomplete: hint, required: true }));
  const rows = inputs.map((input) => el("div", { class: "field" }, el("label", { for: input.id }, t(`account.${input.name}`)), input));
  const failed = el("p", { class: "failed", role: "alert" });
  const submitted = async (event) => {
    event.preventDefault();
    fill(failed);
    try {
      await send(Object.fromEntries(inputs.map((input) => [input.name, input.value])));
      event.target.reset();
    } catch (error) {
      fill(failed, error.message);
    }
  };
  return el("form", { on: { submit: submitted } }, rows, failed, el("button", { class: look }, t(label)));
}


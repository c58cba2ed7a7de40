/** Logging in, and where anybody may, making an account. */

import { post } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { back } from "../core/router.js";
import { service, state } from "../core/state.js";
import { t } from "../core/words.js";

export async function render(root) {
  const form = credentials("login.submit", (body) => post("/v1/session", body));
  const fresh = service.signUp && el("details", { class: "card" }, el("summary", {}, t("login.new")), credentials("login.create", (body) => post("/v1/account", body), true));
  fill(root, el("div", { class: "narrow" }, el("h1", {}, t("login.title")), el("p", {}, t("login.about")), el("div", { class: "card" }, form), fresh));
  // The views lead nowhere before somebody is logged in.
  document.documentElement.dataset.guest = "1";
  return () => delete document.documentElement.dataset.guest;
}

/** A form with name and password; what goes wrong is said beside it. */
function credentials(label, send, fresh = false) {
  const prefix = fresh ? "new" : "old";
  const field = (name, given) => {
    const input = el("input", { id: `${prefix}-${name}`, name, required: true, ...given });
    return [input, el("div", { class: "field" }, el("label", { for: input.id }, t(`login.${name}`)), input)];
  };
  const [name, nameField] = field("name", { autocomplete: "username", autofocus: !fresh, minlength: 2, maxlength: 64 });
  const [password, passwordField] = field("password", { type: "password", autocomplete: fresh ? "new-password" : "current-password" });
  const failed = el("p", { class: "failed", role: "alert" });
  const submitted = async (event) => {
    event.preventDefault();
    fill(failed);
    try {
      entered(await send({ name: name.value, password: password.value }), fresh);
    } catch (error) {
      fill(failed, error.message);
    }
  };
  return el("form", { on: { submit: submitted } }, nameField, passwordField, failed, el("button", { class: "main" }, t(label)));
}

/** Whoever was here goes on with their text; for anybody else nothing of it may be left, nor asked about. */
function entered({ name, created }, fresh) {
  if (!fresh && name === state.account?.name && created === state.account.created) return back();
  // The trail first: its last snapshot would go to whoever is here now.
  state.setDraft("");
  state.setDocument({});
  return window.location.assign("/");
}

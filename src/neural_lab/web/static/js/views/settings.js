/** How somebody likes it here. */

import { download, get } from "../core/api.js";
import { save } from "../core/browser.js";
import { el, fill } from "../core/dom.js";
import { note, told } from "../core/notes.js";
import { prefer } from "../core/preferences.js";
import { service, state } from "../core/state.js";
import { setTheme, theme, THEMES } from "../core/theme.js";
import { t } from "../core/words.js";
import { disputes } from "../elements/disputes.js";

const DEPTHS = ["writing", "library"];

export async function render(root) {
  const about = await told(() => get("/v1/preferences"));
  fill(root, el("h1", {}, t("views.settings")),
    part("look", radios("theme", THEMES, theme(), themed)),
    part("checking", radios("depth", DEPTHS, state.preferences.depth, (depth) => prefer({ depth })), box("as_you_type")),
    part("keeping", service.keeps ? null : el("p", {}, t("history.service_off")), box("keep"), days(about?.server), box("zero_retention")),
    part("data", el("p", {}, t("settings.data_about")), el("div", { class: "buttons" },
      el("button", { on: { click: () => told(async () => save(await download("GET", "/v1/export"), "neural-lab.jsonl")) } }, t("settings.export")))),
    part("disputes", el("p", {}, t("dispute.about")), await disputes()),
    el("p", { class: "soft" }, el("a", { href: "#/detector" }, t("settings.detector"))));
}

function part(name, ...inside) {
  return el("section", { class: `card ${name}` }, el("h2", {}, t(`settings.${name}`)), inside);
}

/** Dark or light is known before the service is asked, so this browser remembers it, too. */
async function themed(name) {
  setTheme(name);
  await prefer({ theme: name });
}

function radios(name, values, now, chosen) {
  const options = values.map((value) => {
    const button = el("input", { type: "radio", name, value, props: { checked: value === now }, on: { change: () => kept(() => chosen(value)) } });
    return el("label", {}, button, t(`settings.${name}s.${value}`));
  });
  return el("fieldset", { class: "choices" }, el("legend", {}, t(`settings.${name}`)), options);
}

function box(name) {
  const input = el("input", { type: "checkbox", props: { checked: state.preferences[name] } });
  input.addEventListener("change", () => kept(() => prefer({ [name]: input.checked })));
  return el("div", { class: "field" }, el("label", {}, input, t(`settings.${name}`)), el("p", { class: "soft" }, t(`settings.${name}_help`)));
}

function days(server) {
  const input = el("input", { id: "keep-days", type: "number", min: 1, max: 36_500, value: state.preferences.keep_days ?? "" });
  input.addEventListener("change", () => kept(() => prefer({ keep_days: input.value ? Math.floor(Number(input.value)) : null })));
  const bound = server?.keep_days ? el("p", { class: "soft" }, t("settings.keep_days_bound", { count: server.keep_days })) : null;
  return el("div", { class: "field" }, el("label", { for: "keep-days" }, t("settings.keep_days")), input,
    el("p", { class: "soft" }, t("settings.keep_days_help")), bound);
}

async function kept(change) {
  const done = await told(async () => {
    await change();
    return true;
  });
  if (done) note(t("settings.saved"));
}


/** What stands in the empty editor. */

import { el } from "../core/dom.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

export function welcome(open) {
  const sample = () => state.setDocument({ text: t("sample.text"), title: t("sample.title") });
  return el("div", { class: "welcome" },
    el("h2", {}, t("welcome.title")),
    el("p", {}, t("welcome.how")),
    el("div", { class: "buttons" }, button("sample", sample, "main"), button("open", open)),
    el("p", { class: "soft" }, t("welcome.files")),
    el("p", { class: "soft" }, t("welcome.private")));
}

const button = (name, click, kind) => el("button", { class: kind, on: { click } }, t(`welcome.${name}`));

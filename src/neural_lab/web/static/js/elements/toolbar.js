/** What can be done with the text as a whole. */

import { el } from "../core/dom.js";
import { told } from "../core/notes.js";
import { prefer } from "../core/preferences.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

/** `actions` has check, cancel, open, paste, clear and find. Returns `{node, show({busy, empty})}`. */
export function toolbar(actions) {
  const button = (name, more = {}) => el("button", { ...more, on: { click: actions[name] } }, t(`check.${name}`));
  const check = button("check", { class: "main", title: t("check.check_key") });
  const cancel = button("cancel");
  const clear = button("clear");
  const find = button("find");
  const asYouType = toggle();
  const node = el("div", { class: "buttons tools", role: "toolbar", "aria-label": t("check.tools") },
    check, cancel, button("open"), button("paste"), clear, find, asYouType.node);
  return { node, show };

  function show({ busy, empty }) {
    check.hidden = busy;
    cancel.hidden = !busy;
    for (const each of [check, clear, find]) each.disabled = empty;
    asYouType.show();
  }
}

function toggle() {
  const box = el("input", { type: "checkbox", on: { change: () => told(() => prefer({ as_you_type: box.checked })) } });
  const show = () => {
    box.checked = state.preferences.as_you_type;
  };
  return { node: el("label", { class: "as-you-type" }, box, t("check.as_you_type")), show };
}

/** The title of the text; it goes with the reports that are kept. */
export function titleField() {
  const field = el("input", {
    class: "title", maxlength: 500, placeholder: t("check.untitled"), "aria-label": t("check.title_label"),
    autocomplete: "off", on: { input: () => Object.assign(state.document, { title: field.value }) },
  });
  const show = () => {
    field.value = state.document.title;
  };
  return { node: field, show };
}

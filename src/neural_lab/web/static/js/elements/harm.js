/** What share of human texts may be flagged: the person who reads the result decides that, not the program. */

import { el } from "../core/dom.js";
import { told } from "../core/notes.js";
import { count } from "../core/numbers.js";
import { prefer } from "../core/preferences.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

/** A choice among the rates that a detector has cut points for; a change is kept and heard as "preferences". */
export function harmLimit(targets) {
  const now = state.preferences.target;
  const options = [...targets].sort((a, b) => b - a).map((target) =>
    el("option", { value: target, selected: target === now }, t("result.one_in", { count: count(Math.round(1 / target)) })));
  const select = el("select", { id: "harm", on: { change: () => chosen(Number(select.value)) } }, options);
  return el("div", { class: "field harm" }, el("label", { for: "harm" }, t("result.harm")), select,
    el("p", { class: "soft" }, t("result.harm_help")));
}

const chosen = (target) => told(() => prefer({ target }));

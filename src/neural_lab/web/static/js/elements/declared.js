/** What somebody knows of the text: it chooses the error rates that are shown, and never a probability. */

import { el } from "../core/dom.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

/** Choices among the genres and kinds of writer that a detector's error card has. */
export function declared(card) {
  return el("div", { class: "declared" }, ["genre", "writer"].map((kind) => choice(kind, groups(card, kind))),
    el("p", { class: "soft" }, t("result.declared_help")));
}

function groups({ error_rows: rows }, kind) {
  return [...new Set(rows.filter((row) => row.kind === kind).map(({ group }) => group))].sort();
}

function choice(kind, names) {
  const option = (value, said) => el("option", { value, selected: value === (state.declared[kind] ?? "") }, said);
  const select = el("select", { id: `declared-${kind}` }, option("", t("result.unknown")), names.map((name) => option(name, name.replaceAll("_", " "))));
  select.addEventListener("change", () => state.declare({ [kind]: select.value || null }));
  return el("div", { class: "field" }, el("label", { for: select.id }, t(`result.${kind}`)), select);
}

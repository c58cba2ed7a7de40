/** Both passages of a match beside each other, with the words marked that differ. */

import { compared } from "../core/alike.js";
import { el } from "../core/dom.js";
import { percent } from "../core/numbers.js";
import { t } from "../core/words.js";

/** `left` and `right` are the texts, `names` what they come from, `match` the JSON of an audit or a comparison. */
export function sideBySide(match, [left, right], names) {
  const pieces = compared(left, right);
  const sides = pieces.map((found, at) => side(names[at], found));
  return el("section", { class: "pair", tabindex: "-1", "aria-label": t("integrity.pair") },
    el("p", {}, el("b", {}, kind(match)), match.excluded_by && ` · ${t(`integrity.excluded.${match.excluded_by}`)}`),
    el("div", { class: "sides" }, sides),
    el("p", { class: "soft" }, t("integrity.meaning")));
}

/** What a match is called: word for word, or nearly so with how much of it is alike. */
export function kind(match) {
  const said = t(`integrity.kinds.${match.kind}`);
  return match.kind === "verbatim" ? said : `${said}, ${percent(match.similarity)}`;
}

function side(name, found) {
  const pieces = found.map(({ text, same }) => (same ? text : el("mark", { class: "differs" }, text)));
  return el("figure", {}, el("figcaption", { dir: "auto" }, name), el("blockquote", { dir: "auto" }, pieces));
}

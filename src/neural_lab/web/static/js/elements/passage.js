/** Passages of the text that others have too, as they are shown beside it. */

import { el } from "../core/dom.js";
import { share } from "../core/numbers.js";
import { Offsets } from "../core/offsets.js";
import { cut, sourceText } from "../core/sources.js";
import { t } from "../core/words.js";
import { sideBySide } from "./side-by-side.js";

const LOOKS = ["verbatim", "near_copy", "excluded", "common"];

/** Both passages of a match. Throws `Problem` where the source is gone. */
export async function passageCard(match, text, title) {
  const theirs = await sourceText(match.source.id);
  const mine = cut({ text, offsets: new Offsets(text) }, match.start, match.end);
  const other = cut(theirs, match.source_start, match.source_end);
  const names = [title || t("integrity.mine"), match.source.title || t("integrity.untitled", match.source)];
  return sideBySide(match, [mine, other], names);
}

/** How much of the text is shared; `audit` is null until that is known. */
export function passagesSaid(audit) {
  if (!audit) return el("div", { class: "card" }, el("progress", { "aria-label": t("integrity.searching") }));
  return el("div", { class: "card coverage" }, el("p", { class: "figure" }, share(audit.coverage)),
    el("div", {}, el("h2", {}, t("integrity.coverage")),
      el("p", { class: "soft" }, t(audit.matches.length ? "pages.press_passage" : "integrity.nothing")),
      el("a", { href: "#/integrity" }, t("pages.integrity"))));
}

export function passageLegend() {
  const sample = (look) => el("span", { class: `m ${look}`, "aria-hidden": "true" }, t("integrity.sample"));
  return el("ul", {}, LOOKS.map((look) => el("li", {}, sample(look), " ", t(`integrity.kinds.${look}`))));
}

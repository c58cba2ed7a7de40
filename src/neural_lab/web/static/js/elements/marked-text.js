/** A text with its matches marked in it; where several lie over one another, the strongest is shown. */

import { el } from "../core/dom.js";
import { Offsets } from "../core/offsets.js";
import { t } from "../core/words.js";

const RANKS = ["common", "excluded", "near_copy", "verbatim"];

/** `show(match number)` is called for a mark that is pressed. */
export function markedText(text, audit, show) {
  const offsets = new Offsets(text);
  const pieces = layers(audit).map(({ start, end, mark }) => {
    const said = text.slice(offsets.toUtf16(start), offsets.toUtf16(end));
    return mark ? button(said, mark, show) : said;
  });
  return el("div", { class: "source", tabindex: "0", role: "region", "aria-label": t("integrity.text"), dir: "auto" }, pieces);
}

/** What a match looks like: what is left out of the count has a look of its own. */
export const look = (match) => (match.excluded_by ? "excluded" : match.kind);

/** The text cut where marks begin and end: `{start, end, mark}`, without gaps; `mark` is null or `{look, number}`. */
export function layers(audit) {
  const marks = [
    ...audit.matches.map((match, number) => ({ start: match.start, end: match.end, look: look(match), number })),
    ...audit.common_text.map((span) => ({ ...span, look: "common", number: null })),
  ];
  const edges = [...new Set([0, audit.characters, ...marks.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  marks.sort((a, b) => a.start - b.start);
  return swept(edges, marks);
}

function swept(edges, marks) {
  let [next, open] = [0, []];
  return edges.slice(0, -1).map((start, at) => {
    while (next < marks.length && marks[next].start <= start) open.push(marks[next++]);
    open = open.filter(({ end }) => end > start);
    const best = open.reduce((found, each) => (rank(each) > rank(found) ? each : found), null);
    return { start, end: edges[at + 1], mark: best };
  });
}

const rank = (mark) => (mark ? RANKS.indexOf(mark.look) : -1);

function button(said, mark, show) {
  if (mark.number === null) return el("span", { class: "m common", title: t("integrity.common") }, said);
  const given = { class: `m ${mark.look}`, role: "button", tabindex: "0", "data-match": mark.number };
  const pressed = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show(mark.number);
  };
  return el("span", { ...given, on: { click: pressed, keydown: pressed } }, said);
}

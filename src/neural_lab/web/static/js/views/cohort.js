/** What the texts of a folder share with one another: a matrix of shares, and the pairs most alike. */

import { post } from "../core/api.js";
import { choose } from "../core/browser.js";
import { el, fill } from "../core/dom.js";
import { share } from "../core/numbers.js";
import { Offsets } from "../core/offsets.js";
import { readAll } from "../core/reading.js";
import { cut } from "../core/sources.js";
import { t } from "../core/words.js";
import { ACCEPTED } from "../elements/drop.js";
import { matrix } from "../elements/matrix.js";
import { kind, sideBySide } from "../elements/side-by-side.js";
import { failures, task } from "../elements/task.js";

export async function render(root) {
  const progress = el("div", {});
  const result = el("div", { "aria-live": "polite" });
  const pick = async (directory) => {
    const files = await choose({ multiple: true, directory, accept: directory ? "" : ACCEPTED });
    if (files.length) await compare(files, progress, result);
  };
  fill(root, el("h1", {}, t("views.cohort")), el("p", {}, t("cohort.about")),
    el("div", { class: "buttons" }, el("button", { class: "main", on: { click: () => pick(false) } }, t("cohort.files")),
      el("button", { on: { click: () => pick(true) } }, t("cohort.folder"))), progress, result);
}

async function compare(files, progress, result) {
  fill(result);
  const found = await task(progress, async (watch, signal) => {
    const { read, failed } = await readAll(files, watch, signal);
    const documents = read.map(({ text, title, path, quoted, pages }) => ({ text, title, path, quoted, pages }));
    const cohort = documents.length > 1 ? await post("/v1/compare", { documents }, { signal }) : null;
    return { cohort, documents, failed };
  });
  if (found) show(found, result);
}

function show({ cohort, documents, failed }, result) {
  if (!cohort) {
    fill(result, failures(failed), el("p", { class: "empty" }, t("cohort.too_few")));
    return;
  }
  const pair = el("div", { class: "pairs" });
  const open = (a, b) => fill(pair, passages(cohort.pairs.find((each) => same(each, a, b)), documents));
  const rows = cohort.pairs.map((each) => pairRow(each, cohort.documents, open));
  fill(result, failures(failed), el("h2", {}, t("cohort.matrix")), matrix(cohort, open),
    el("h2", {}, t("cohort.pairs")), rows.length ? el("ol", { class: "bare" }, rows) : el("p", { class: "empty" }, t("cohort.nothing")), pair);
}

const same = (pair, a, b) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a);

function pairRow({ a, b, share: part, matches }, documents, open) {
  const said = t("cohort.pair", { a: name(documents[a]), b: name(documents[b]), share: share(part), count: matches.length });
  return el("li", {}, el("button", { class: "plain name", dir: "auto", on: { click: () => open(a, b) } }, said));
}

/** All passages of a pair, the longest first. */
function passages(pair, documents) {
  if (!pair) return el("p", { class: "empty" }, t("cohort.none_here"));
  const [left, right] = [pair.a, pair.b].map((at) => ({ ...documents[at], offsets: new Offsets(documents[at].text) }));
  const matches = [...pair.matches].sort((a, b) => b.end - b.start - (a.end - a.start));
  return matches.map((match) => el("details", { class: "card", open: match === matches[0] },
    el("summary", {}, kind(match)),
    sideBySide(match, [cut(left, match.start, match.end), cut(right, match.source_start, match.source_end)], [name(left), name(right)])));
}

const name = (document) => document.title || document.path || t("integrity.mine");

/** The detector and how often it is wrong. */

import { get } from "../core/api.js";
import { detector } from "../core/detector.js";
import { el, fill } from "../core/dom.js";
import { told } from "../core/notes.js";
import { count } from "../core/numbers.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

export async function render(root) {
  const card = await told(async () => detector((await get("/v1/detectors")).detectors[0].name));
  if (!card) return;
  const target = state.preferences.target;
  const rows = card.error_rows.filter((row) => row.target === target);
  fill(root, el("h1", {}, `${card.name} ${card.version}`), el("p", {}, t("detector.about")),
    el("p", { class: "soft" }, t("detector.identity"), " ", el("code", {}, card.identity)),
    el("h2", {}, t("detector.cuts", { count: count(Math.round(1 / target)) })), table(card.operating_points.filter((each) => each.target === target), cuts),
    el("h2", {}, t("detector.rates")), table(rows, rates));
}

function table(rows, shape) {
  const head = shape.columns.map((key) => el("th", { scope: "col" }, t(`detector.${key}`)));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("detector.table") },
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows.map((row) => el("tr", {}, shape.cells(row).map((cell) => el("td", {}, cell)))))));
}

const length = ({ minimum_words: from, maximum_words: to }) => (to === null ? t("detector.from", { from }) : t("detector.between", { from, to }));
const rate = (flagged, texts) => (texts ? `${((100 * flagged) / texts).toFixed(1)}%` : "–");
const interval = ([low, high]) => `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}%`;

const cuts = {
  columns: ["length", "document", "run", "flagged", "interval"],
  cells: (row) => [length(row), row.document.toFixed(3), row.run.toFixed(3), `${rate(row.flagged, row.texts)} (${count(row.flagged)} / ${count(row.texts)})`, interval(row.interval)],
};

const rates = {
  columns: ["kind", "group", "length", "flagged", "interval", "machine"],
  cells: (row) => [t(`detector.kinds.${row.kind}`), row.group.replaceAll("_", " "), length(row), `${rate(row.flagged, row.texts)} (${count(row.flagged)} / ${count(row.texts)})`,
    interval(row.interval), row.machine_texts ? `${rate(row.machine_flagged, row.machine_texts)} (${count(row.machine_flagged)} / ${count(row.machine_texts)})` : "–"],
};

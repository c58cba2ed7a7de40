/** The chain of a draft: when it was looked at, how long it was, and whether every link holds. */

import { svg, el } from "../core/dom.js";
import { count, moment } from "../core/numbers.js";
import { t } from "../core/words.js";
import { chart, label, line, linear } from "../charts/frame.js";

const WIDTH = 640;
const HEIGHT = 130;

/** `whole` is the service's answer on one draft. */
export function snapshots({ draft, snapshots: found, flaws }) {
  const columns = ["seq", "at", "characters", "digest"].map((key) => el("th", { scope: "col" }, t(`trail.chain.${key}`)));
  const rows = found.map(({ seq, at, characters, digest }) =>
    el("tr", {}, el("td", { class: "number" }, seq), el("td", {}, moment(at)), el("td", { class: "number" }, count(characters)),
      el("td", {}, el("code", {}, digest.slice(0, 16)))));
  return el("section", { class: "card", tabindex: "-1", "aria-label": t("trail.chain.title") },
    el("h2", { dir: "auto" }, draft.title || t("trail.untitled")),
    el("p", {}, flaws.length ? t("trail.broken", { count: flaws.length }) : t("trail.whole", { count: found.length })),
    growth(found), el("p", { class: "soft" }, t("trail.proves")),
    el("details", {}, el("summary", {}, t("trail.chain.title")),
      el("table", {}, el("thead", {}, el("tr", {}, columns)), el("tbody", {}, rows))));
}

/** How the text grew, from its first snapshot to its last. */
function growth(found) {
  const moments = found.map(({ at }) => Date.parse(at));
  // All within a second: one after the other.
  const times = moments[0] === moments.at(-1) ? found.map((_, at) => at) : moments;
  const x = linear(times[0], times.at(-1), 8, WIDTH - 8);
  const y = linear(0, Math.max(...found.map(({ characters }) => characters), 1), HEIGHT - 26, 10);
  const points = found.map(({ characters }, at) => [x(times[at]), y(characters)]);
  const said = t("trail.growth", { from: count(found[0].characters), to: count(found.at(-1).characters) });
  return chart(said, WIDTH, HEIGHT, svg("line", { x1: 8, x2: WIDTH - 8, y1: HEIGHT - 26, y2: HEIGHT - 26, class: "axis" }),
    svg("path", { d: line(points), class: "growth" }), points.map(([cx, cy]) => svg("circle", { cx, cy, r: 3.5, class: "dot" })),
    label(8, HEIGHT - 8, moment(found[0].at)), label(WIDTH - 8, HEIGHT - 8, moment(found.at(-1).at), { "text-anchor": "end" }));
}

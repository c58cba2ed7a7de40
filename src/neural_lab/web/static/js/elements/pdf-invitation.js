/** What stands where there are no pages to show, and how to get some. */

import { el, svg } from "../core/dom.js";
import { t } from "../core/words.js";

/** `why` is "empty" (there is no text), "other" (it came from no PDF) or "damaged" (the file cannot be drawn). */
export function invitation(why, open) {
  return el("div", { class: "card invitation" },
    drawing(),
    el("h2", {}, t(`pages.${why}`)),
    el("p", {}, t(`pages.${why}_help`)),
    el("div", { class: "buttons middle" },
      el("button", { class: "main", on: { click: open } }, t("pages.open")),
      why !== "empty" && el("a", { class: "button", href: "#/check" }, t("pages.text"))),
    el("p", { class: "soft" }, t("pages.private")));
}

/** A page with a few marks. */
function drawing() {
  const line = (y, width, mark = "") => svg("rect", { x: 22, y, width, height: 5, rx: 2.5, class: `line ${mark}` });
  return svg("svg", { class: "drawn", viewBox: "0 0 120 150", "aria-hidden": "true" },
    svg("rect", { x: 4, y: 4, width: 112, height: 142, rx: 6, class: "leaf" }),
    line(24, 48, "head"), line(42, 76), line(54, 70), line(66, 76, "deep"), line(78, 52, "deep"),
    line(96, 76), line(108, 76, "light"), line(120, 34, "light"));
}

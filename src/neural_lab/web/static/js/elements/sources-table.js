/** The sources of an audit: how much of the text each shares, and whether it counts. */

import { el } from "../core/dom.js";
import { share } from "../core/numbers.js";
import { t } from "../core/words.js";

/** `toggle(source)` leaves one out or counts it again; `show(source)` shows its first passage. */
export function sourcesTable(audit, { toggle, show }) {
  const columns = ["source", "share", "passages", "counts"].map((key) =>
    el("th", { scope: "col", class: ["share", "passages"].includes(key) ? "number" : null }, t(`integrity.${key}`)));
  const rows = audit.sources.map((source) => row(source, audit.exclusions.sources.includes(source.id), { toggle, show }));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("integrity.sources") },
    el("table", {}, el("thead", {}, el("tr", {}, columns)), el("tbody", {}, rows)));
}

function row(source, left, { toggle, show }) {
  const name = source.title || source.path || t("integrity.untitled", { id: source.id });
  const about = [source.date, source.collection].filter(Boolean).join(" · ");
  const box = el("input", { type: "checkbox", "aria-label": t("integrity.count_source", { name }), props: { checked: !left } });
  box.addEventListener("change", () => toggle(source.id));
  return el("tr", {},
    el("th", { scope: "row" }, el("button", { class: "plain name", dir: "auto", on: { click: () => show(source.id) } }, name),
      el("div", { class: "soft", dir: "auto" }, about)),
    el("td", { class: "number" }, share(source.share)),
    el("td", { class: "number" }, source.matches),
    el("td", {}, box));
}

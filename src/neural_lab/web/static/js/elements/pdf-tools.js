/** What can be done with the pages of a PDF: another page, another size, other marks. */

import { el } from "../core/dom.js";
import { t } from "../core/words.js";

const SIZES = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

/** `actions` has open, check, cancel, walk(step), go(page), zoom(size), larger(step) and layer(name). */
export function pageTools(actions, pages) {
  const button = (name, ...given) => el("button", { on: { click: () => actions[name](...given) } }, t(`pages.${name}`));
  const [check, cancel] = [button("check"), button("cancel")];
  check.classList.add("main");
  const [jump, size, layer] = [jumping(actions.go, pages), sizing(actions), layering(actions.layer)];
  const walk = [arrow("↑", "back", () => actions.walk(-1)), arrow("↓", "forward", () => actions.walk(1))];
  const node = el("div", { class: "page-tools" },
    el("div", { class: "buttons" }, button("open"), check, cancel), layer.node,
    el("div", { class: "buttons tight", role: "group", "aria-label": t("pages.flagged") }, walk), jump.node, size.node);
  return { node, show, step: size.step };

  function show({ busy, wanted, page, name }) {
    check.hidden = busy || !wanted;
    cancel.hidden = !busy;
    for (const each of walk) each.disabled = name !== "sentences";
    jump.show(page);
    layer.show(name);
  }
}

function arrow(sign, name, act) {
  return el("button", { "aria-label": t(`pages.${name}`), title: t(`pages.${name}_key`), on: { click: act } }, sign);
}

function jumping(go, pages) {
  const field = el("input", { type: "number", min: 1, max: pages, "aria-label": t("pages.jump"), props: { value: 1 } });
  field.addEventListener("change", () => go(Math.floor(Number(field.value)) || 1));
  const step = (by) => () => go(Number(field.value) + by);
  const of = el("span", { class: "soft" }, t("pages.of", { pages }));
  const node = el("div", { class: "buttons tight", role: "group", "aria-label": t("pages.pages") },
    arrow("‹", "previous", step(-1)), field, of, arrow("›", "next", step(1)));
  const show = (page) => {
    field.value = page;
  };
  return { node, show };
}

function sizing({ zoom, larger }) {
  const name = (each) => (each === "fit" ? t("pages.fit") : `${100 * each}%`);
  const options = ["fit", ...SIZES].map((each) => el("option", { value: each }, name(each)));
  const field = el("select", { "aria-label": t("pages.size") }, options);
  field.addEventListener("change", () => zoom(field.value === "fit" ? "fit" : Number(field.value)));
  const node = el("div", { class: "buttons tight", role: "group", "aria-label": t("pages.size") },
    arrow("−", "smaller", () => larger(-1)), field, arrow("+", "larger", () => larger(1)));
  return { node, step };

  /** The next size above or below one, which is chosen. */
  function step(by, scale) {
    const next = by > 0 ? SIZES.find((each) => each > scale + 0.01) : SIZES.findLast((each) => each < scale - 0.01);
    field.value = next ?? (by > 0 ? SIZES.at(-1) : SIZES[0]);
    return Number(field.value);
  }
}

function layering(chosen) {
  const names = ["sentences", "passages"];
  const buttons = names.map((name) => el("button", { on: { click: () => chosen(name) } }, t(`pages.layers.${name}`)));
  const show = (name) => buttons.forEach((each, at) => each.setAttribute("aria-pressed", String(names[at] === name)));
  return { node: el("div", { class: "buttons tight", role: "group", "aria-label": t("pages.layer") }, buttons), show };
}

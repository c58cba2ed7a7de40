/** Keyboard shortcuts: all with Alt or Ctrl, so that none is typed by accident; a list under Alt+K. */

import { el } from "./dom.js";
import { t } from "./words.js";

const known = new Map();

/** `key` is "alt+1" or "ctrl+enter"; `label` a key of the words. Returns a function that takes it back. */
export function shortcut(key, label, action) {
  known.set(key, { label, action });
  return () => known.delete(key);
}

export function listen() {
  shortcut("alt+k", "keys.list", help);
  window.addEventListener("keydown", (event) => {
    const found = known.get(name(event));
    if (!found) return;
    event.preventDefault();
    found.action(event);
  });
}

function name(event) {
  const held = [(event.ctrlKey || event.metaKey) && "ctrl", event.altKey && "alt", event.shiftKey && "shift"];
  // The place of a key, not its letter: with Alt some layouts write other letters.
  const key = event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  return [...held.filter(Boolean), key].join("+");
}

function help() {
  const rows = [...known].map(([key, { label }]) => el("tr", {}, el("td", {}, el("kbd", {}, key)), el("td", {}, t(label))));
  const close = el("button", { class: "plain", on: { click: () => dialog.close() } }, t("actions.close"));
  const dialog = el("dialog", { class: "keys", "aria-label": t("keys.title"), on: { close: () => dialog.remove() } },
    el("h2", {}, t("keys.title")), el("table", {}, el("tbody", {}, rows)), close);
  document.body.append(dialog);
  dialog.showModal();
}

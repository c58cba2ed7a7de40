/** Keyboard shortcuts: all with Alt or Ctrl, so that none is typed by accident; a list under Alt+K. */

import { el } from "./dom.js";
import { t } from "./words.js";

const known = new Map();

/** `key` is "alt+1" or "ctrl+enter"; `label` a key of the words. Returns a function that takes it back. */
export function shortcut(key, label, action) {
  const mine = { label, action };
  known.set(key, mine);
  // The next view may have taken the key already.
  return () => known.get(key) === mine && known.delete(key);
}

export function listen() {
  shortcut("alt+k", "keys.list", help);
  window.addEventListener("keydown", (event) => {
    const found = heard(event) && known.get(name(event));
    if (!found) return;
    event.preventDefault();
    found.action(event);
  });
}

/** Not behind a dialog, nor what has no place on the keyboard (filled in by the browser), nor a letter being typed. */
function heard(event) {
  return Boolean(event.code) && !document.querySelector("dialog[open]") && !typed(event);
}

/** On a Mac, Option and a key write a sign of their own where one writes, such as "[" for 5. */
function typed(event) {
  const { key, altKey, ctrlKey, metaKey } = event;
  if (!altKey || ctrlKey || metaKey || [...key].length > 1) return false;
  return !/\d/.test(key) && key.toLowerCase() !== place(event) && writing(event.composedPath()[0]);
}

const writing = (node) => node.isContentEditable || node.matches?.("textarea, input:not([type=checkbox], [type=radio])");

// Its place, not its letter: with Alt some layouts write other letters.
const place = (event) => event.code.replace(/^(Key|Digit)/, "").toLowerCase();

function name(event) {
  const held = [(event.ctrlKey || event.metaKey) && "ctrl", event.altKey && "alt", event.shiftKey && "shift"];
  return [...held.filter(Boolean), place(event)].join("+");
}

function help() {
  const rows = [...known].map(([key, { label }]) => el("tr", {}, el("td", {}, el("kbd", {}, written(key))), el("td", {}, t(label))));
  const close = el("button", { class: "plain", on: { click: () => dialog.close() } }, t("actions.close"));
  const dialog = el("dialog", { class: "keys", "aria-label": t("keys.title"), on: { close: () => dialog.remove() } },
    el("h2", {}, t("keys.title")), el("table", {}, el("tbody", {}, rows)), close);
  document.body.append(dialog);
  dialog.showModal();
}

const NAMES = { ctrl: "Ctrl", alt: "Alt", shift: "Shift", enter: "Enter", arrowdown: "↓", arrowup: "↑", pagedown: "PgDn", pageup: "PgUp", equal: "=", minus: "−" };

/** A key as it stands on a keyboard. */
function written(key) {
  return key.split("+").map((part) => NAMES[part] ?? part.toUpperCase()).join("+");
}

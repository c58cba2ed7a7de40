/** The text on the left, what the service says of it on the right. */

import { Checking } from "../core/checking.js";
import { el, fill } from "../core/dom.js";
import { shortcut } from "../core/keys.js";
import { note, told } from "../core/notes.js";
import { opening } from "../core/opening.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";
import { counters } from "../elements/counters.js";
import { chooseFile, dropping } from "../elements/drop.js";
import "../elements/editor.js";
import { legend } from "../elements/legend.js";
import { progress } from "../elements/progress.js";
import "../elements/result.js";
import { titleField, toolbar } from "../elements/toolbar.js";
import { welcome } from "../elements/welcome.js";
import { openEntry } from "./check-entry.js";

/** `#/check` shows the text that is worked on, `#/check/entry/7` a report that was kept. */
export function render(root, [kind, number]) {
  const parts = made();
  fill(root, el("h1", {}, t("check.heading")), laid(parts));
  taken(parts);
  const ending = connected(parts);
  const entry = kind === "entry" ? opening() : null;
  if (entry) told(() => openEntry(number, entry.signal));
  else asked(parts, 0);
  return () => {
    entry?.abort();
    ending();
  };
}

function made() {
  const checking = new Checking();
  const editor = el("lab-editor");
  const actions = {
    check: () => checking.now(), cancel: () => checking.cancel(), open: chooseFile, find: () => editor.search(),
    paste: () => paste(editor), clear: () => state.setDocument({}),
  };
  return {
    checking, editor, target: state.preferences.target,
    result: el("lab-result"), title: titleField(), tools: toolbar(actions), reading: progress(), counted: counters(),
    welcome: welcome(chooseFile), pages: el("a", { href: "#/pages" }, t("check.pages")),
    legend: el("section", { class: "legend", "aria-label": t("legend.title") }),
  };
}

function laid(parts) {
  const { editor, result, title, tools, reading } = parts;
  return el("div", { class: "columns" },
    el("section", { class: "card text", "aria-label": t("check.text") },
      title.node, tools.node,
      el("div", { class: "page" }, reading.bar, editor, parts.welcome),
      el("div", { class: "below" }, parts.counted.node, parts.pages, walks(editor)),
      reading.said, parts.legend),
    el("section", { class: "told", "aria-label": t("check.told") }, result));
}

function walks(editor) {
  const walk = (step, name) => {
    const given = { class: "plain", title: t(`check.${name}_key`), on: { click: () => editor.walk(step) } };
    return el("button", given, t(`check.${name}`));
  };
  return el("div", { class: "buttons" }, walk(-1, "back"), walk(1, "forward"));
}

/** Everything that listens, and a function that ends it. */
function connected(parts) {
  const { checking, editor, result } = parts;
  const ending = new AbortController();
  const on = (whom, event, listener) => whom.addEventListener(event, listener, { signal: ending.signal });
  on(editor, "edit", () => edited(parts));
  on(editor, "pick", ({ detail }) => result.pick(detail));
  on(result, "reveal", ({ detail }) => editor.reveal(detail) || note(t("check.edited")));
  on(checking, "partial", ({ detail }) => editor.paintSoFar(detail.result, detail.end));
  on(checking, "status", () => show(parts));
  on(state, "document", () => {
    taken(parts);
    opened(parts);
  });
  on(state, "result", () => answered(parts));
  on(state, "preferences", () => preferred(parts));
  on(state, "declared", () => state.result && checking.now(false));
  const keys = [
    shortcut("ctrl+enter", "check.check", () => checking.now()),
    shortcut("alt+arrowdown", "check.forward", () => editor.walk(1)),
    shortcut("alt+arrowup", "check.back", () => editor.walk(-1)),
    shortcut("alt+enter", "check.here", () => editor.pickHere()),
  ];
  const undrop = dropping();
  return () => {
    for (const end of [...keys, undrop, parts.counted.close]) end();
    ending.abort();
    checking.cancel();
  };
}

/** There is another text. */
function taken(parts) {
  parts.editor.text = state.document.text;
  parts.title.show();
  answered(parts);
}

function edited(parts) {
  state.edit(parts.editor.text);
  show(parts);
  asked(parts);
}

function answered(parts) {
  parts.checking.forget();
  parts.editor.paint(state.result);
  show(parts);
}

/** Ask after some milliseconds, where that is wished for; not for a text that there is a report on. */
function asked({ checking, editor }, pause) {
  checking.forget();
  if (state.fresh) editor.paint(state.result);
  else if (state.preferences.as_you_type) checking.soon(pause);
}

/** Whoever opens a file wants its report, so that it is kept if that is what they prefer. */
function opened(parts) {
  if (state.document.file && !state.fresh && state.preferences.as_you_type) parts.checking.now();
  else asked(parts, 0);
}

/** Another limit on false positives means another conclusion, whether one types or not. */
function preferred(parts) {
  const { target } = state.preferences;
  if (target !== parts.target && state.result) parts.checking.now(false);
  parts.target = target;
  show(parts);
}

function show({ checking, tools, reading, counted, welcome: empty, pages, legend: key }) {
  const { text, pages: known } = state.document;
  const { phase, read } = checking.status;
  tools.show({ busy: phase === "reading" || phase === "waiting", empty: !text.trim() });
  reading.show(checking.status, state.result !== null && !state.fresh);
  counted.show();
  empty.hidden = text !== "";
  pages.hidden = known.length === 0 || !state.unedited;
  fill(key, legend(state.result, read > 0 && phase !== "idle"));
}

/** Where the browser does not let the page read the clipboard, people paste by hand. */
async function paste(editor) {
  const text = await navigator.clipboard.readText().catch(() => null);
  if (text === null) note(t("check.paste_by_hand"));
  else state.setDocument({ text });
  editor.focus();
}

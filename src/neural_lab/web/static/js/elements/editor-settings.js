/** How the editor behaves: lines, keys, undo, search, and what it says to those who do not see it. */

import { t } from "../core/words.js";
import {
  EditorState, EditorView, history, historyKeymap, keymap, placeholder, search, searchKeymap, standardKeymap,
} from "../../vendor/codemirror.js";
import { marked } from "./editor-marks.js";

/** CodeMirror's own words for its search panel, by their keys in ours. */
const PHRASES = {
  "Find": "find", "Replace": "replace_with", "next": "next", "previous": "previous", "all": "all", "match case": "case",
  "regexp": "pattern", "by word": "word", "replace": "replace", "replace all": "replace_all", "close": "close",
  "current match": "current", "on line": "on_line", "replaced $ matches": "replaced",
  "replaced match on line $": "replaced_one",
};

/** `changed(update)` is called after every change of the text, `handlers` are those of events in it. */
export function settings(changed, handlers) {
  return [
    marked,
    history(),
    keymap.of([...standardKeymap, ...historyKeymap, ...searchKeymap.filter(({ key }) => key !== "Alt-g")]),
    search({ top: true }),
    EditorView.lineWrapping,
    // Each line is read in the direction of its first letter.
    EditorView.perLineTextDirection.of(true),
    EditorView.contentAttributes.of({ "aria-label": t("editor.label"), "aria-describedby": "hint", tabindex: "0" }),
    EditorView.domEventHandlers(handlers),
    EditorView.updateListener.of((update) => update.docChanged && changed(update)),
    EditorState.phrases.of(phrases()),
    placeholder(t("editor.placeholder")),
  ];
}

function phrases() {
  return Object.fromEntries(Object.entries(PHRASES).map(([theirs, ours]) => [theirs, t(`editor.search.${ours}`)]));
}

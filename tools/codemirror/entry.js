/** What the page uses of CodeMirror, as one module. */

export { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
export { Decoration, EditorView, keymap, placeholder } from "@codemirror/view";
export { history, historyKeymap, standardKeymap } from "@codemirror/commands";
export { openSearchPanel, search, searchKeymap } from "@codemirror/search";

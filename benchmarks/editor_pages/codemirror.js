/** CodeMirror: only the lines in sight are elements; marks are a set of ranges that edits map. */

import { Decoration, EditorState, EditorView, history, historyKeymap, keymap, StateEffect, StateField, standardKeymap } from "./vendor.js";
import { sign } from "./common.js";

const given = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update: (found, { effects, changes }) => effects.find((each) => each.is(given))?.value ?? found.map(changes),
  provide: (self) => EditorView.decorations.from(self),
});

export function open(parent, text) {
  const extensions = [marked, history(), keymap.of([...standardKeymap, ...historyKeymap]), EditorView.lineWrapping];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  return {
    scroller: view.scrollDOM,
    paint: (sentences) => view.dispatch({ effects: given.of(Decoration.set(sentences.map(mark))) }),
    place(share) {
      const anchor = Math.floor(text.length * share);
      view.focus();
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    },
  };
}

export function rules() {
  const tints = Array.from({ length: 101 }, (_, p) => `.p${p} { background: rgb(213 94 0 / ${(p / 100) * 0.55}) }`);
  return [...tints, ".leaning { text-decoration: underline dotted 2px #c65700 }", ".flagged { text-decoration: underline solid 3px #c65700 }"];
}

function mark({ start, end, probability }) {
  return Decoration.mark({ class: `${sign(probability)} p${Math.round(100 * probability)}` }).range(start, end);
}

/** What is marked in the editor. A mark moves with its text, and goes when its own characters are edited. */

import { look } from "../core/scale.js";
import { t } from "../core/words.js";
import { Decoration, EditorView, Prec, StateEffect, StateField } from "../../vendor/codemirror.js";

const sentences = StateEffect.define();
const notices = StateEffect.define();
const chosen = StateEffect.define();
const fields = new Map([sentences, notices, chosen].map((effect) => [effect, field(effect)]));

/** A finding stands inside a sentence, and that inside what was chosen. */
export const marked = [Prec.high(fields.get(notices)), fields.get(sentences), Prec.low(fields.get(chosen))];

/** Effects that put new marks in the place of all; `placed` is that of core/placing.js, `kept` are some of `marks`. */
export function painted(placed, kept, provisional) {
  const made = placed.sentences.map((each) => sentenceMark(each, provisional));
  const old = kept.map(({ mark, from, to }) => mark.range(from, to));
  const found = placed.notices.map(noticeMark);
  return [
    sentences.of(Decoration.set([...made, ...old])),
    notices.of(Decoration.set(found, true)),
    chosen.of(Decoration.none),
  ];
}

/** The effect that marks one sentence as the one that is looked at. */
export function shownAs({ from, to }) {
  return chosen.of(Decoration.set(Decoration.mark({ class: "chosen" }).range(from, to)));
}

/** The sentences that are marked, in order: `{from, to, mark, index, probability, flagged, provisional}`. */
export function marks(state) {
  const found = [];
  state.field(fields.get(sentences)).between(0, state.doc.length, (from, to, mark) => {
    const { index, probability, flagged, provisional } = mark.spec;
    found.push({ from, to, mark, index, probability, flagged, provisional });
  });
  return found;
}

function sentenceMark({ from, to, sentence }, provisional) {
  const { index, probability, flagged } = sentence;
  const kind = `${look(sentence)}${provisional ? " provisional" : ""}`;
  const attributes = { "data-index": String(index) };
  return Decoration.mark({ class: kind, attributes, index, probability, flagged, provisional }).range(from, to);
}

function noticeMark({ from, to, finding }) {
  const attributes = { title: `${t(`findings.${finding.kind}`)}: ${finding.detail}` };
  return Decoration.mark({ class: `notice ${finding.kind}`, attributes }).range(from, to);
}

function field(effect) {
  return StateField.define({
    create: () => Decoration.none,
    update(found, transaction) {
      const given = transaction.effects.findLast((each) => each.is(effect));
      if (given) return given.value;
      return transaction.docChanged ? surviving(found, transaction.changes) : found;
    },
    provide: (self) => EditorView.decorations.from(self),
  });
}

function surviving(found, changes) {
  const edits = [];
  changes.iterChanges((from, to, _from, _to, inserted) => edits.push({ from, to, inserted: inserted.toString() }));
  const filter = (from, to) => !edits.some((edit) => touches(edit, from, to));
  return found.update({ filter, filterFrom: edits[0].from, filterTo: edits.at(-1).to }).map(changes);
}

/** Whether an edit changes a sentence; white space beside it does not, anything that joins it does. */
function touches(edit, from, to) {
  if (edit.from < to && edit.to > from) return true;
  if (edit.to === from) return !/\s$/.test(edit.inserted);
  return edit.from === to && !/^\s/.test(edit.inserted);
}

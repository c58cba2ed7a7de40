/** Where that of which a report speaks stands in the text as the editor has it. */

import { Lines, unified } from "./lines.js";
import { Offsets } from "./offsets.js";

/**
 * Sentences and notices (findings and human irregularities) with `from` and `to` in UTF-16 units of the editor.
 * A sentence whose words do not stand there is left out, and so is all where nothing could be measured.
 */
export function placed(text, result) {
  if (!result?.shown?.measurable) return { sentences: [], notices: [] };
  const place = placing(text);
  const report = result.document;
  const shown = new Lines(text).shown;
  const sentences = report.sentences.map((sentence) => ({ ...place(sentence), sentence }));
  const notices = [...report.findings, ...report.human_evidence].map((finding) => ({ ...place(finding), finding }));
  const inside = notices.filter(({ from, to }) => from < to && to <= shown.length);
  return { sentences: sentences.filter((each) => stands(shown, each)), notices: unbroken(shown, inside) };
}

/** A function that gives the place of a span in code points of `text`. */
export function placing(text) {
  const lines = new Lines(text);
  const offsets = new Offsets(text);
  const at = (point) => lines.toShown(offsets.toUtf16(point));
  return ({ start, end }) => ({ from: at(start), to: at(end) });
}

/** The same, with whole characters as people see them: a joiner marked by itself would take an emoji apart. */
function unbroken(shown, notices) {
  if (!notices.length) return notices;
  const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(shown);
  return notices.map((notice) => {
    const last = characters.containing(notice.to - 1);
    return { ...notice, from: characters.containing(notice.from).index, to: last.index + last.segment.length };
  });
}

function stands(shown, { from, to, sentence }) {
  return from < to && shown.slice(from, to).toWellFormed() === unified(sentence.text);
}

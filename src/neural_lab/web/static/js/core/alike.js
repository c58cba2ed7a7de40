/** Two passages side by side: which of their words differ. */

import { diff } from "./diff.js";

const WORDS = /[\p{L}\p{N}\p{M}]+/gu;

/** Both texts as pieces `{text, same}`: words are compared by their letters, as an audit compares them. */
export function compared(a, b) {
  const [left, right] = [cutUp(a), cutUp(b)];
  const found = diff(left.map((each) => each.word), right.map((each) => each.word));
  return [marked(a, left, found, "a"), marked(b, right, found, "b")];
}

function cutUp(text) {
  return [...text.matchAll(WORDS)].map(({ 0: word, index }) => ({ word: bare(word), start: index, end: index + word.length }));
}

/** Letters without case and accents. */
function bare(word) {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function marked(text, words, found, side) {
  const pieces = [];
  let at = 0;
  const add = (end, same) => {
    if (end > at) pieces.push({ text: text.slice(at, end), same });
    at = Math.max(at, end);
  };
  for (const run of found.filter(({ kind, [side]: [first, end] }) => kind === "changed" && end > first)) {
    const [first, end] = run[side];
    add(words[first].start, true);
    add(words[end - 1].end, false);
  }
  add(text.length, true);
  return pieces;
}

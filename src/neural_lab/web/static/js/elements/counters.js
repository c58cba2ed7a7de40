/** How long the text is. */

import { counts } from "../core/counting.js";
import { el, fill } from "../core/dom.js";
import { count } from "../core/numbers.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";

/** Milliseconds between two counts, and the same for texts above so many UTF-16 units: those take a while. */
const PAUSE = 200;
const LONG_PAUSE = 2_000;
const LONG = 300_000;

/** `{node, show(), close()}`; a text that changes often is counted once in a while. */
export function counters() {
  const node = el("p", { class: "soft counters" });
  let timer = 0;
  const counted = () => {
    timer = 0;
    fill(node, lines().join(" · "), state.draft && el("a", { class: "recording", href: "#/trail" }, t("trail.recording")));
  };
  const show = () => {
    if (!timer) timer = setTimeout(counted, state.document.text.length > LONG ? LONG_PAUSE : PAUSE);
  };
  counted();
  return { node, show, close: () => clearTimeout(timer) };
}

function lines() {
  const { characters, words } = counts(state.document.text);
  const sentences = state.fresh ? state.result.document.sentences.length : null;
  const found = [said("characters", characters), said("words", words)];
  return sentences === null ? found : [...found, said("sentences", sentences)];
}

const said = (key, number) => t(`check.${key}`, { count: number, number: count(number) });

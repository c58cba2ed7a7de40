/** One text for all, and clocks that stop when what was asked for is painted. */

const WORDS = `the river moves slowly past old houses where people used to mend their nets and talk about weather
while children ran along walls looking for something nobody had named yet`.split(/\s+/);
const SENTENCES = 1_000;
const LENGTH = 95;

/** `{text, sentences}` with about 100 characters a sentence; `times` as many of them, in paragraphs or on one line. */
export function sample(times, oneLine) {
  let seed = 7;
  const chance = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const sentences = [];
  let text = "";
  for (let at = 0; at < times * SENTENCES; at += 1) {
    const start = text.length;
    while (text.length - start < LENGTH) text += `${text.length > start ? " " : ""}${WORDS[Math.floor(chance() * WORDS.length)]}`;
    text += ".";
    sentences.push({ start, end: text.length, probability: chance() });
    text += oneLine || at % 8 !== 7 ? " " : "\n\n";
  }
  return { text, sentences };
}

export const sign = (p) => (p > 0.9 ? "flagged" : p >= 0.5 ? "leaning" : "none");

/** Milliseconds until what `action` changed is painted. */
export async function painted(action) {
  const begun = performance.now();
  action();
  await frame();
  return performance.now() - begun;
}

/** From a key to its letter on the screen, in `window.keys`; between frames, in `window.frames`. */
export function clocks() {
  Object.assign(window, { keys: [], frames: [] });
  window.addEventListener("keydown", (event) => {
    frame().then(() => window.keys.push(performance.now() - event.timeStamp));
  }, { capture: true });
  const tick = (last) => requestAnimationFrame((now) => {
    window.frames.push(now - last);
    tick(now);
  });
  tick(performance.now());
}

const frame = () => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));

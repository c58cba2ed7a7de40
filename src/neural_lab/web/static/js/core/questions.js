/** What the service is asked about the text that is worked on. */

import { clipped } from "./prefixes.js";
import { service, state } from "./state.js";

/** Only of what somebody `asked` for is the report kept, and the library searched, if that is what they prefer. */
export function wishes(asked) {
  const { target, depth, keep, zero_retention: nothing } = state.preferences;
  return {
    max_false_positives: target,
    ...state.declared,
    audit: asked && depth === "library",
    keep: Boolean(asked && keep && service.keeps && !nothing),
  };
}

/** The whole text. What its file said of it holds as long as nobody has edited it. */
export function whole() {
  const { title, file, pages, quoted } = state.document;
  const text = state.document.text.toWellFormed();
  if (!state.unedited || !file) return { text, title };
  return { text, title, path: file.name, pages, quoted };
}

/** The text up to a UTF-16 offset. */
export function beginning(end) {
  const { pages = [], quoted = [], text, ...question } = whole();
  const inside = (spans) => clipped(spans, text, end);
  return { ...question, text: text.slice(0, end), pages: inside(pages), quoted: inside(quoted) };
}

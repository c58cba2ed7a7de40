/** Asks what the present text shares with the library; an answer that is no longer wanted is dropped. */

import { post } from "./api.js";
import { state } from "./state.js";

let running = null;
/** The text whose audit was kept last: looking at it again is no further audit. */
let kept = null;

/**
 * Sets `state.audit`. The first on a text goes into the history, as the preferences say; a further one only if it
 * was `asked` for. Throws `Problem`.
 */
export async function audit(exclusions, { templates = [], collections = [], asked = false } = {}) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const { text, title, path = "", quoted, pages } = state.document;
  const known = state.unedited ? { path, quoted, pages } : {};
  const keep = !asked && (text === kept || state.keptAudit) ? false : null;
  const body = { text, title, ...known, exclusions, templates, collections, keep };
  const answer = await post("/v1/audit", body, { signal: mine.signal });
  if (running !== mine) return answer;
  kept = text;
  if (answer.entry) state.stored(text);
  state.setAudit(answer.document);
  return answer;
}

// What was asked about one text must not be said of the next.
state.addEventListener("document", () => running?.abort());

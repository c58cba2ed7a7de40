/** Asks what the present text shares with the library; an answer that is no longer wanted is dropped. */

import { post } from "./api.js";
import { state } from "./state.js";

let running = null;

/** Sets `state.audit`; `keep` puts it into the history, as the preferences say. Throws `Problem`. */
export async function audit(exclusions, { templates = [], collections = [], keep = false } = {}) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const { text, title, path = "", quoted, pages } = state.document;
  const known = state.unedited ? { path, quoted, pages } : {};
  const body = { text, title, ...known, exclusions, templates, collections, keep: keep ? null : false };
  const answer = await post("/v1/audit", body, { signal: mine.signal });
  if (running !== mine) return answer;
  if (answer.entry) state.stored(text);
  state.setAudit(answer.document);
  return answer;
}

// What was asked about one text must not be said of the next.
state.addEventListener("document", () => running?.abort());

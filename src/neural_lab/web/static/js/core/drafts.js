/** Writes the draft trail, where somebody has switched it on for the text at hand: a snapshot once in a while. */

import { post } from "./api.js";
import { note } from "./notes.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** Milliseconds between two snapshots, at least. */
const PAUSE = 60_000;
let timer = 0;
let taken = 0;
/** The text and title as they were last edited. */
let last = null;

/** Begin a trail for the present text, and keep its first snapshot. */
export async function startTrail() {
  const draft = crypto.randomUUID();
  await snapshot(draft, state.document);
  state.setDraft(draft);
}

/** Keep what has been written since the last snapshot, and write no further. */
export async function stopTrail() {
  clearTimeout(timer);
  timer = 0;
  if (state.draft) await snapshot(state.draft, state.document).finally(() => state.setDraft(""));
}

/** From now on edits are noticed. Called once. */
export function watchDrafts() {
  state.addEventListener("edit", () => state.draft && soon());
  state.addEventListener("document", left);
}

/** There is another text: what was written of the one before is kept, and its trail ends. */
function left() {
  clearTimeout(timer);
  const [draft, waiting] = [state.draft, timer !== 0];
  timer = 0;
  if (!draft) return;
  state.setDraft("");
  if (waiting) snapshot(draft, last).catch((error) => note(t("trail.ended", { why: error.message }), "error"));
}

function soon() {
  last = { ...state.document };
  if (!timer) timer = setTimeout(take, Math.max(0, taken + PAUSE - Date.now()));
}

/** A trail with a hole is worth little: what cannot be kept ends it, and is said. */
async function take() {
  timer = 0;
  try {
    if (state.draft) await snapshot(state.draft, state.document);
  } catch (error) {
    state.setDraft("");
    note(t("trail.ended", { why: error.message }), "error");
  }
}

async function snapshot(draft, { text, title }) {
  taken = Date.now();
  await post(`/v1/trails/${draft}`, { text: text.toWellFormed(), title });
}

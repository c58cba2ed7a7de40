/** Writes the draft trail, where somebody has switched it on for the text at hand: a snapshot once in a while. */

import { post } from "./api.js";
import { note } from "./notes.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** Milliseconds between two snapshots, at least. */
const PAUSE = 60_000;
let timer = 0;
let last = 0;

/** Begin a trail for the present text, and keep its first snapshot. */
export async function startTrail() {
  state.setDraft(crypto.randomUUID());
  await snapshot();
}

/** Keep what has been written since the last snapshot, and write no further. */
export async function stopTrail() {
  clearTimeout(timer);
  timer = 0;
  if (state.draft) await snapshot().finally(() => state.setDraft(""));
}

/** From now on edits are noticed. Called once. */
export function watchDrafts() {
  state.addEventListener("edit", () => state.draft && soon());
  state.addEventListener("document", () => {
    clearTimeout(timer);
    timer = 0;
    if (state.draft) state.setDraft("");
  });
}

function soon() {
  if (!timer) timer = setTimeout(taken, Math.max(0, last + PAUSE - Date.now()));
}

/** A trail with a hole is worth little: what cannot be kept ends it, and is said. */
async function taken() {
  timer = 0;
  try {
    if (state.draft) await snapshot();
  } catch (error) {
    state.setDraft("");
    note(t("trail.ended", { why: error.message }), "error");
  }
}

async function snapshot() {
  last = Date.now();
  const { text, title } = state.document;
  await post(`/v1/trails/${state.draft}`, { text: text.toWellFormed(), title });
}

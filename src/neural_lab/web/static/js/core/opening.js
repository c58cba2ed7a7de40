/** One text is opened at a time: another that is opened or set ends whatever is still on its way. */

import { state } from "./state.js";

let running = new AbortController();

/** The controller of a new opening; an older one is aborted. */
export function opening() {
  running.abort();
  running = new AbortController();
  return running;
}

state.addEventListener("document", () => running.abort());

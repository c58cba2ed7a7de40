/** How somebody likes it here: kept by the service, for this owner. */

import { get, patch } from "./api.js";
import { state } from "./state.js";

/** Ask how somebody likes it here. Throws `Problem`. */
export async function readPreferences() {
  state.setPreferences((await get("/v1/preferences")).preferences);
}

/** Change some preferences and nothing else: others may have been changed elsewhere. Throws `Problem`. */
export async function prefer(changed) {
  const before = state.preferences;
  state.setPreferences({ ...before, ...changed });
  try {
    state.setPreferences((await patch("/v1/preferences", changed)).preferences);
  } catch (error) {
    state.setPreferences(before);
    throw error;
  }
}

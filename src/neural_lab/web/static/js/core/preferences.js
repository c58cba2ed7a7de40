/** How somebody likes it here: kept by the service, for this owner. */

import { put } from "./api.js";
import { state } from "./state.js";

/** Change some preferences. Throws `Problem`, and then nothing has changed. */
export async function prefer(changed) {
  const before = state.preferences;
  state.setPreferences({ ...before, ...changed });
  try {
    state.setPreferences((await put("/v1/preferences", state.preferences)).preferences);
  } catch (error) {
    state.setPreferences(before);
    throw error;
  }
}

/** How somebody likes it here: kept by the service, for this owner. */

import { get, patch } from "./api.js";
import { service, state } from "./state.js";

/** Whether reports that somebody asks for are kept. */
export function keeps() {
  const { keep, zero_retention: nothing } = state.preferences;
  return Boolean(service.keeps && keep && !nothing);
}

/** Whether anything may be kept: trails and disputes too. */
export const stores = () => service.keeps && !state.preferences.zero_retention;

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

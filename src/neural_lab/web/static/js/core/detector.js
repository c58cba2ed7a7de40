/** What the service says of its detector: error card, distributions, and the names of all that it measures. */

import { get } from "./api.js";

const known = new Map();

/** The detector of that name, asked for once. */
export function detector(name) {
  if (!known.has(name)) {
    const asked = get(`/v1/detectors/${encodeURIComponent(name)}`);
    asked.catch(() => known.delete(name));
    known.set(name, asked);
  }
  return known.get(name);
}

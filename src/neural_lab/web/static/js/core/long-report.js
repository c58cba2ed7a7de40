/** A report on a text that takes longer than a request may: the service works on it as a job. */

import { get, post, Problem, remove } from "./api.js";

const POLL = 1_500;
const ENDED = new Set(["done", "failed", "cancelled"]);

/** The same answer as that of `/v1/documents`. The job is cancelled with `signal`, and deleted when it has ended. */
export async function longReport({ text, title, ...wishes }, signal) {
  const { max_false_positives, keep, audit } = wishes;
  // Not with the signal: a job that was taken on is known, and so can be deleted.
  const job = await post("/v1/jobs", { documents: [{ text, title }], max_false_positives, keep, audit });
  const address = `/v1/jobs/${job.id}`;
  try {
    return answer(await ended(address, signal));
  } catch (error) {
    if (signal.aborted) await post(`${address}/cancel`).catch(() => null);
    throw error;
  } finally {
    await remove(address).catch(() => null);
  }
}

async function ended(address, signal) {
  for (;;) {
    const job = await get(address, { signal });
    if (ENDED.has(job.state)) return job;
    await new Promise((over) => setTimeout(over, POLL));
    signal.throwIfAborted();
  }
}

function answer({ result, error, message }) {
  if (!result) throw new Problem(message, { code: error });
  const [failed] = result.errors;
  if (failed) throw new Problem(failed.message, { code: failed.code });
  const [{ index: _index, shown, ...document }] = result.documents;
  return { schema: result.schema, detector: result.detector, document, shown, entry: document.entry ?? null };
}

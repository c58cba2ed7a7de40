/** A report on a text that takes longer than a request may: the service works on it as a job. */

import { get, post, Problem, remove } from "./api.js";
import { patiently, pause } from "./patience.js";

const POLL = 1.5;
const ENDED = new Set(["done", "failed", "cancelled"]);
/** No answer, too many requests, or a service that is just being started again. */
const PASSING = new Set([0, 429, 502, 503, 504]);

/** The same answer as that of `/v1/documents`. The job is cancelled with `signal`, and deleted when it has ended. */
export async function longReport({ max_false_positives, genre, writer, keep, audit, ...document }, signal) {
  // Not with the signal: a job that was taken on is known, and so can be deleted.
  const body = { documents: [document], max_false_positives, genre, writer, keep, audit };
  const job = await patiently(() => post("/v1/jobs", body), signal);
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

/** The job once it has ended. A look at it that fails is no reason to give it up. */
async function ended(address, signal) {
  for (;;) {
    const job = await get(address, { signal }).catch(passing);
    if (job && ENDED.has(job.state)) return job;
    await pause(POLL, signal);
  }
}

function passing(problem) {
  if (!PASSING.has(problem.status)) throw problem;
  return null;
}

function answer({ result, error, message }) {
  if (!result) throw new Problem(message, { code: error });
  const [failed] = result.errors;
  if (failed) throw new Problem(failed.message, { code: failed.code });
  const [{ index: _index, shown, ...document }] = result.documents;
  return { schema: result.schema, detector: result.detector, document, shown, entry: document.entry ?? null };
}

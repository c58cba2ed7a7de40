/** Asks the service for reports on the text as it is, and drops the answers to what it was before. */

import { Problem, post } from "./api.js";
import { longReport } from "./long-report.js";
import { count } from "./numbers.js";
import { Offsets } from "./offsets.js";
import { patiently } from "./patience.js";
import { prefixes } from "./prefixes.js";
import { beginning, whole, wishes } from "./questions.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** Milliseconds after the last key. */
const PAUSE = 600;
/** Code points that the service takes at most, and above which it is asked for a job. */
const MOST = 2_000_000;
const JOB = 300_000;

/**
 * Dispatches `status` when `status` changes, and `partial` with `{result, end}` when the beginning of a long text is
 * read. The report itself becomes `state.result`.
 */
export class Checking extends EventTarget {
  /** `phase` is idle, reading, waiting (for `seconds`), stopped or failed (`said`); `read` of `total` code points. */
  status = { phase: "idle", read: 0, total: 0, seconds: 0, said: "" };
  #timer = 0;
  #running = null;

  /** Ask once nobody has typed for a moment. Nothing is kept. */
  soon(pause = PAUSE) {
    this.forget();
    this.#timer = setTimeout(() => this.now(false), pause);
  }

  /** Ask at once. `asked`: somebody wants this report, so that it is kept if that is what they prefer. */
  async now(asked = true) {
    this.forget();
    if (!state.document.text.trim()) return state.setResult(null);
    const running = new AbortController();
    this.#running = running;
    try {
      this.#end(await this.#read(asked, running.signal));
    } catch (error) {
      if (this.#running === running) this.#fail(error);
    }
    return undefined;
  }

  /** Stop because somebody wants that. What is marked already stays as it is. */
  cancel() {
    const running = this.#running;
    this.forget();
    if (running) this.#tell({ phase: "stopped" });
  }

  /** Stop because the answer is of no use any more. */
  forget() {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = null;
    running?.abort();
    this.#tell({ phase: "idle" });
  }

  #end(result) {
    this.#running = null;
    this.#tell({ phase: "idle" });
    state.setResult(result);
  }

  #fail(error) {
    this.#running = null;
    this.#tell({ phase: "failed", said: error.message || t("errors.unexpected") });
  }

  /** The report on the whole text. */
  async #read(asked, signal) {
    const { text } = state.document;
    const total = new Offsets(text).points;
    if (total > MOST) throw new Problem(t("check.too_long", { most: count(MOST), characters: count(total) }));
    this.#tell({ phase: "reading", read: 0, total });
    for (const end of prefixes(text)) await this.#readUntil(end, signal);
    const question = { ...whole(), ...wishes(asked) };
    const ask = total > JOB ? longReport : report;
    const result = await this.#patiently(() => ask(question, signal), signal);
    signal.throwIfAborted();
    return result;
  }

  async #readUntil(end, signal) {
    const question = { ...beginning(end), ...wishes(false) };
    const result = await this.#patiently(() => report(question, signal), signal);
    signal.throwIfAborted();
    this.dispatchEvent(new CustomEvent("partial", { detail: { result, end } }));
    this.#tell({ phase: "reading", read: result.document.characters });
  }

  async #patiently(ask, signal) {
    const waiting = (seconds) => this.#tell({ phase: "waiting", seconds });
    const found = await patiently(ask, signal, waiting);
    this.#tell({ phase: "reading" });
    return found;
  }

  #tell(change) {
    if (change.phase === "idle" && this.status.phase === "idle") return;
    this.status = { ...this.status, ...change };
    this.dispatchEvent(new Event("status"));
  }
}

const report = (question, signal) => post("/v1/documents", question, { signal });

/** Whoever asks too often is told for how long to wait, and here does. */

const BUSY = 429;
const SECONDS = 5;

/** What `ask` gives in the end; `waiting(seconds)` is called before each pause. Throws the reason of `signal`. */
export async function patiently(ask, signal, waiting = () => null) {
  for (;;) {
    try {
      return await ask();
    } catch (problem) {
      if (problem.status !== BUSY) throw problem;
      const seconds = problem.wait ?? SECONDS;
      waiting(seconds);
      await pause(seconds, signal);
    }
  }
}

/** Some seconds later; throws the reason of `signal`. */
export function pause(seconds, signal) {
  return new Promise((over, stopped) => {
    const timer = setTimeout(over, 1000 * seconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      stopped(signal.reason);
    }, { once: true });
  });
}

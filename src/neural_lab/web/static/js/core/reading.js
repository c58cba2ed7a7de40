/** Files read one after another, with progress, until somebody stops it. */

import { post } from "./api.js";
import { patiently } from "./patience.js";

/**
 * `{text, title, path, …}` of each file that can be read, and `{name, message}` of each that cannot.
 * `watch(done, total, name)` is called before each. Throws the AbortError of `signal`.
 */
export async function readAll(files, watch, signal) {
  const [read, failed] = [[], []];
  for (const [at, file] of files.entries()) {
    signal?.throwIfAborted();
    watch(at, files.length, file.name);
    try {
      const found = await patiently(() => post("/v1/texts", form(file), { signal }), signal);
      read.push({ ...found, path: file.webkitRelativePath || file.name });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      failed.push({ name: file.name, message: error.message });
    }
  }
  watch(files.length, files.length, "");
  return { read, failed };
}

function form(file) {
  const made = new FormData();
  made.append("file", file);
  return made;
}

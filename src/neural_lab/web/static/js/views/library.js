/** The library: the texts that others are set against. */

import { get, post } from "../core/api.js";
import { choose } from "../core/browser.js";
import { el, fill } from "../core/dom.js";
import { note, told } from "../core/notes.js";
import { count } from "../core/numbers.js";
import { patiently } from "../core/patience.js";
import { readAll } from "../core/reading.js";
import { t } from "../core/words.js";
import { ACCEPTED } from "../elements/drop.js";
import { SourceList } from "../elements/source-list.js";
import { failures, task } from "../elements/task.js";

/** Texts of so many characters go to the service in one request. */
const PORTION = 1_000_000;

export async function render(root) {
  const parts = { stats: el("p", { class: "soft" }), progress: el("div", {}), failed: el("div", {}) };
  const collection = el("input", { id: "collection", value: "library", maxlength: 100 });
  const list = new SourceList(() => showStats(parts.stats));
  const pick = async (directory) => {
    const files = await choose({ multiple: true, directory, accept: directory ? "" : ACCEPTED });
    if (!files.length) return;
    await imported(files, collection.value.trim() || "library", parts);
    await Promise.all([list.reload(), showStats(parts.stats)]);
  };
  fill(root, el("h1", {}, t("views.library")), el("p", {}, t("library.about")), parts.stats,
    el("div", { class: "card" }, el("div", { class: "field" }, el("label", { for: "collection" }, t("library.collection")), collection),
      el("div", { class: "buttons" }, el("button", { class: "main", on: { click: () => pick(false) } }, t("library.add")),
        el("button", { on: { click: () => pick(true) } }, t("library.folder"))), parts.progress, parts.failed),
    list.element);
  await Promise.all([list.reload(), showStats(parts.stats)]);
}

async function showStats(place) {
  const found = await told(() => get("/v1/library/stats"));
  if (found) fill(place, t("library.stats", { count: found.sources, sources: count(found.sources), characters: count(found.characters) }));
}

/** Files become sources as they are read; what was stopped in the middle stays so far. */
async function imported(files, collection, { progress, failed }) {
  fill(failed);
  const sum = { added: 0, there: 0 };
  const missed = await task(progress, async (watch, signal) => {
    const missing = [];
    for (const portion of portions(files)) {
      const step = (at, _, name) => watch(portion.first + at, files.length, name);
      const { read, failed: unread } = await readAll(portion.files, step, signal);
      missing.push(...unread, ...(await stored(read, collection, sum, signal)));
    }
    return missing;
  });
  if (missed) fill(failed, failures(missed));
  note(t("library.added", { count: sum.added, there: sum.there }));
}

/** Put texts into the library and count them; those that it does not take, with the reason. */
async function stored(texts, collection, sum, signal) {
  const sources = texts.map(({ text, title, path }) => ({ text, title, path, collection }));
  try {
    const { numbers } = sources.length ? await patiently(() => post("/v1/library", { sources }, { signal }), signal) : { numbers: [] };
    sum.added += numbers.filter((number) => number !== null).length;
    sum.there += numbers.filter((number) => number === null).length;
    return [];
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return texts.map(({ path }) => ({ name: path, message: error.message }));
  }
}

/** Files in runs that are small enough together: `{first, files}`. */
function portions(files) {
  const found = [];
  let size = PORTION;
  for (const [at, file] of files.entries()) {
    if (size + file.size > PORTION) {
      found.push({ first: at, files: [] });
      size = 0;
    }
    found.at(-1).files.push(file);
    size += file.size;
  }
  return found;
}

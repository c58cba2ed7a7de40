/** The pages of a PDF with what was found in it, where it stands. */

import { el, fill } from "../core/dom.js";
import { shortcut } from "../core/keys.js";
import { Pdf } from "../core/pdf-document.js";
import { state } from "../core/state.js";
import { t } from "../core/words.js";
import { chooseFile, dropping } from "../elements/drop.js";
import { invitation } from "../elements/pdf-invitation.js";
import { Reader } from "../elements/pdf-reader.js";

const HEAD = 1024;
const KEYS = {
  "ctrl+enter": ["pages.check", (reader) => reader.check()],
  "alt+arrowdown": ["pages.forward", (reader) => reader.walk(1)],
  "alt+arrowup": ["pages.back", (reader) => reader.walk(-1)],
  "alt+pagedown": ["pages.next", (reader) => reader.turn(1)],
  "alt+pageup": ["pages.previous", (reader) => reader.turn(-1)],
  "alt+equal": ["pages.larger", (reader) => reader.larger(1)],
  "alt+minus": ["pages.smaller", (reader) => reader.larger(-1)],
};

export async function render(root) {
  const view = new Pages(root);
  const again = () => view.start();
  state.addEventListener("document", again);
  const keys = Object.entries(KEYS).map(([key, [label, act]]) =>
    shortcut(key, label, () => view.reader && act(view.reader)));
  const undrop = dropping();
  await view.start();
  return () => {
    for (const end of [...keys, undrop]) end();
    state.removeEventListener("document", again);
    view.close();
  };
}

class Pages {
  reader = null;
  #turn = 0;
  #pdf = null;

  constructor(root) {
    this.root = root;
  }

  /** Show the document there is now. */
  async start() {
    this.close();
    const mine = this.#turn;
    const { file, text } = state.document;
    if (!(await isPdf(file))) return mine === this.#turn && this.#without(text.trim() ? "other" : "empty");
    fill(this.root, this.#title(), el("progress", { "aria-label": t("pages.opening") }));
    const opened = await open(file);
    if (mine === this.#turn && opened) return this.#with(opened);
    opened?.pdf.close();
    return mine === this.#turn && this.#without("damaged");
  }

  close() {
    this.#turn += 1;
    this.reader?.close();
    this.#pdf?.close();
    this.reader = null;
    this.#pdf = null;
  }

  #with({ pdf, size }) {
    this.#pdf = pdf;
    this.reader = new Reader(pdf, size);
    fill(this.root, this.#title(), this.reader.element);
    this.reader.start();
  }

  #without(why) {
    fill(this.root, this.#title(), invitation(why, chooseFile));
  }

  #title() {
    return el("h1", { dir: "auto" }, state.document.title || t("views.pages"));
  }
}

/** Whether the text was read from this file as from a PDF: pages are of no other kind. */
async function isPdf(file) {
  if (!file || !state.document.pages.length) return false;
  return (await file.slice(0, HEAD).text()).includes("%PDF-");
}

/** The file and the size of its first page; null where pdf.js cannot open what the service could. */
async function open(file) {
  let pdf = null;
  try {
    pdf = await Pdf.open(file);
    const { width, height } = await pdf.page(1);
    return { pdf, size: { width, height } };
  } catch {
    pdf?.close();
    return null;
  }
}

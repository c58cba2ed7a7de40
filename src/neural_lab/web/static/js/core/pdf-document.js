/** PDF files as pdf.js opens them: in a worker, and without scripts, forms, links or anything from elsewhere. */

import * as pdfjs from "../../vendor/pdfjs/pdf.min.mjs";
import { glyphs } from "./pdf-glyphs.js";

const VENDOR = new URL("../../vendor/pdfjs/", import.meta.url);
const WORKER = new URL("pdf.worker.min.mjs", VENDOR).href;
const FONTS = ["FoxitSymbol.pfb", "FoxitDingbats.pfb"];
/** Pixels of an image, and bytes of a canvas, above which it is not drawn. */
const MOST_PIXELS = 50_000_000;
const MOST_BYTES = 4 * 67_108_864;

const policy = window.trustedTypes?.createPolicy("neural-lab", { createScriptURL: ours });

/** A PDF file that is open. Call `close` when it is done with. */
export class Pdf {
  #worker;
  #document;

  /** Throws what pdf.js throws for a file that it cannot open. */
  static async open(file) {
    const data = new Uint8Array(await file.arrayBuffer());
    const worker = new Worker(policy ? policy.createScriptURL(WORKER) : WORKER, { type: "module" });
    try {
      const task = pdfjs.getDocument({ ...OPTIONS, data, worker: pdfjs.PDFWorker.create({ port: worker }) });
      return new Pdf(worker, await Promise.race([task.promise, failed(worker)]));
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  constructor(worker, document) {
    this.#worker = worker;
    this.#document = document;
  }

  get pages() {
    return this.#document.numPages;
  }

  async page(number) {
    return new PdfPage(await this.#document.getPage(number));
  }

  close() {
    this.#document.loadingTask.destroy().catch(() => {});
    this.#worker.terminate();
  }
}

class PdfPage {
  #page;

  constructor(page) {
    this.#page = page;
    const { width, height } = page.getViewport({ scale: 1 });
    /** In points, as it is turned. */
    Object.assign(this, { width, height });
  }

  /** Draw it `scale` times as large as its points are; throws the AbortError of `signal`. */
  async draw(canvas, scale, signal) {
    const viewport = this.#page.getViewport({ scale });
    const whole = (side) => Math.max(1, Math.floor(side));
    Object.assign(canvas, { width: whole(viewport.width), height: whole(viewport.height) });
    const task = this.#page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.DISABLE });
    const stop = () => task.cancel();
    signal.addEventListener("abort", stop);
    try {
      await task.promise;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Its letters and where they stand; see core/pdf-glyphs.js. */
  async glyphs() {
    const list = await this.#page.getOperatorList({ annotationMode: pdfjs.AnnotationMode.DISABLE });
    const upright = this.#page.getViewport({ scale: 1 }).transform;
    return glyphs(list, pdfjs.OPS, await fonts(list, this.#page.commonObjs), upright);
  }

  /** Give back what it holds of images and operators. */
  rest() {
    this.#page.cleanup();
  }
}

/** The data that pdf.js asks for: what is shipped, and nothing else. */
class Shipped {
  async fetch({ filename }) {
    if (!FONTS.includes(filename)) throw new Error(`${filename} is not shipped`);
    const answer = await fetch(new URL(filename, VENDOR));
    return new Uint8Array(await answer.arrayBuffer());
  }
}

const OPTIONS = {
  BinaryDataFactory: Shipped, useWorkerFetch: false, useWasm: false, wasmUrl: VENDOR.href, useSystemFonts: true,
  enableXfa: false, disableWorkerRendering: true, maxImageSize: MOST_PIXELS, canvasMaxAreaInBytes: MOST_BYTES,
  verbosity: 0,
};

function ours(address) {
  if (address !== WORKER) throw new TypeError("only the worker of pdf.js may be started");
  return address;
}

function failed(worker) {
  return new Promise((_, failing) => {
    worker.addEventListener("error", () => failing(new Error("the worker of pdf.js did not start")), { once: true });
  });
}

/** The fonts that a page writes with, by name. They arrive after the operators. */
async function fonts({ fnArray, argsArray }, known) {
  const { setFont, setGState } = pdfjs.OPS;
  const names = new Set(fnArray.flatMap((operator, at) => {
    if (operator === setFont) return argsArray[at][0];
    return operator === setGState ? argsArray[at][0].flatMap(([key, value]) => (key === "Font" ? value[0] : [])) : [];
  }));
  const found = [...names].map(async (name) => [name, await new Promise((there) => known.get(name, there))]);
  return new Map(await Promise.all(found));
}

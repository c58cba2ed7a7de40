/** Short notes at the edge of the page, questions before something is lost, and errors in words. */

import { announce, el } from "./dom.js";
import { t } from "./words.js";

const SECONDS = 6;

export function note(said, kind = "info") {
  const close = el("button", { class: "plain", "aria-label": t("actions.close"), on: { click: () => shown.remove() } }, "×");
  const shown = el("div", { class: `note ${kind}` }, el("span", {}, said), close);
  document.getElementById("notes").append(shown);
  announce(said);
  if (kind !== "error") setTimeout(() => shown.remove(), 1000 * SECONDS);
}

/** Do something; if it goes wrong, say so. Gives back what it gave, or undefined. */
export async function told(action) {
  try {
    return await action();
  } catch (error) {
    // Whoever is not logged in sees the form for it.
    const silent = error.name === "AbortError" || error.code === "not_logged_in";
    if (!silent) note(error.message || t("errors.unexpected"), "error");
    return undefined;
  }
}

/** Whether somebody says yes. `yes` is what the button that does it is called. */
export function confirmed(question, yes, detail = "") {
  return new Promise((answer) => {
    const choose = (value) => () => dialog.close(value);
    const dialog = el("dialog", { class: "question", "aria-label": question },
      el("h2", {}, question), detail && el("p", {}, detail),
      el("div", { class: "buttons" },
        el("button", { on: { click: choose("") }, autofocus: true }, t("actions.cancel")),
        el("button", { class: "danger", on: { click: choose("yes") } }, yes)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

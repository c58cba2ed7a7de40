/** The evidence pack of the present text: asked for anew, so that it fits the text as it is. */

import { el } from "./dom.js";
import { download } from "./api.js";
import { save } from "./browser.js";
import { state } from "./state.js";

/** Hand out the pack as a file, "json" or "html". Throws `Problem`. */
export async function savePack(format, wishes) {
  const blob = await download("POST", "/v1/evidence", { ...question(format, wishes), download: true });
  const name = state.document.title.replace(/[^\p{L}\p{N} _-]+/gu, "").trim().slice(0, 60) || "evidence";
  save(blob, `${name}.${format}`);
}

/** Open the pack in a tab of its own, to be read and printed there. */
export function openPack(wishes) {
  const request = JSON.stringify({ ...question("html", wishes), download: false });
  const given = { method: "post", action: "/v1/evidence", target: "_blank", enctype: "multipart/form-data", hidden: true };
  const form = el("form", given, el("textarea", { name: "request", props: { value: request } }));
  document.body.append(form);
  form.submit();
  form.remove();
}

function question(format, { withoutText = false, trail = false } = {}) {
  const { text, title, path = "", quoted, pages } = state.document;
  const known = state.unedited ? { path, quoted, pages } : {};
  const audited = state.audit ? { exclusions: state.audit.exclusions } : {};
  const { target, depth } = state.preferences;
  return {
    text: text.toWellFormed(), title, ...known, format, without_text: withoutText, trail: trail ? state.draft || null : null,
    ...exclusions(audited), max_false_positives: target, ...state.declared, audit: depth !== "writing",
  };
}

/** The switches of the audit that is shown; `template` is what it found out by itself. */
function exclusions({ exclusions: found }) {
  if (!found) return {};
  const { template, ...switches } = found;
  return { exclusions: switches };
}

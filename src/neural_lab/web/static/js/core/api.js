/** Questions to the service. Whatever goes wrong becomes a `Problem`, which says it in words for people. */

import { t } from "./words.js";

export class Problem extends Error {
  /** `code` is stable, `status` that of HTTP (0: no answer), `wait` seconds after which to try again. */
  constructor(message, { code = "unexpected", status = 0, wait = null, errors = [] } = {}) {
    super(message);
    Object.assign(this, { code, status, wait, errors });
  }
}

/** Fired on `window` when a login is needed. */
export const LOGIN = "lab:login";

export const get = (path, options) => ask("GET", path, undefined, options);
export const post = (path, body, options) => ask("POST", path, body, options);
export const patch = (path, body, options) => ask("PATCH", path, body, options);
export const put = (path, body, options) => ask("PUT", path, body, options);
export const remove = (path, body, options) => ask("DELETE", path, body, options);

/**
 * The JSON answer to a question, or null where it has no body. `body` is plain values or a FormData.
 * Throws `Problem`, and passes on the AbortError of `signal`.
 */
export async function ask(method, path, body, { signal } = {}) {
  const answer = await fetched(path, { method, signal, ...packed(body) });
  if (!answer.ok) throw await problem(answer);
  return answer.status === 204 ? null : answer.json();
}

/** The answer as it came, for files. */
export async function download(method, path, body) {
  const answer = await fetched(path, { method, ...packed(body) });
  if (!answer.ok) throw await problem(answer);
  return answer.blob();
}

function packed(body) {
  if (body === undefined || body instanceof FormData) return { body };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

async function fetched(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(t("errors.unreachable"), { code: "unreachable" });
  }
}

async function problem(answer) {
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401 && told.code === "not_logged_in") window.dispatchEvent(new Event(LOGIN));
  const wait = Number(answer.headers.get("retry-after")) || null;
  const said = [told.detail || t("errors.unexpected"), wait ? t("errors.wait", { seconds: wait }) : ""];
  const known = { code: told.code, status: answer.status, wait, errors: told.errors };
  return new Problem(said.filter(Boolean).join(" "), known);
}

/** Which view is shown: the part of the address behind "#". */

import { LOGIN } from "./api.js";
import { announce, el, fill } from "./dom.js";
import { t } from "./words.js";

/** Views by the first part of their address; each module exports `render(root, parameters)`. */
const VIEWS = {
  check: () => import("../views/check.js"),
  integrity: () => import("../views/integrity.js"),
  pages: () => import("../views/pages.js"),
  cohort: () => import("../views/cohort.js"),
  history: () => import("../views/history.js"),
  versions: () => import("../views/versions.js"),
  library: () => import("../views/library.js"),
  trail: () => import("../views/trail.js"),
  settings: () => import("../views/settings.js"),
  account: () => import("../views/account.js"),
  login: () => import("../views/login.js"),
  detector: () => import("../views/detector.js"),
};

let leave = null;
let turn = 0;
/** The address that a login came in between of. */
let before = "";

export const go = (address) => {
  window.location.hash = `#/${address}`;
};

// From the beginning: the first question of all may need a login.
window.addEventListener(LOGIN, () => {
  if (address()[0] !== "login") before = window.location.hash;
  go("login");
});

/** Where somebody was before they had to log in. */
export const back = () => window.location.replace(before || "#/check");

export function start() {
  window.addEventListener("hashchange", show);
  document.querySelector("a.skip").addEventListener("click", skip);
  return show();
}

/** By script: the address after "#" names views, and following it would leave the one that is shown. */
function skip(event) {
  event.preventDefault();
  document.getElementById("view").focus();
}

/** Show what the address says. A view may return a function that is called when it is left. */
async function show() {
  const [name, ...parameters] = address();
  const known = Object.hasOwn(VIEWS, name) ? name : "check";
  const mine = ++turn;
  leave?.();
  leave = null;
  const view = await VIEWS[known]();
  if (mine !== turn) return;
  const root = document.getElementById("view");
  fill(root, el("div", { class: `view ${known}` }));
  mark(known);
  const end = await view.render(root.firstElementChild, parameters);
  if (mine !== turn) {
    end?.();
    return;
  }
  leave = end ?? null;
  root.focus({ preventScroll: true });
}

const address = () => window.location.hash.replace(/^#\/?/, "").split("/").map(decoded);

/** People write addresses by hand: what is not encoded is meant as it stands. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function mark(name) {
  for (const link of document.querySelectorAll("nav.main a")) {
    const here = link.dataset.view === name;
    if (here) link.setAttribute("aria-current", "page");
    if (here) link.scrollIntoView({ block: "nearest", inline: "center" });
    else link.removeAttribute("aria-current");
  }
  document.title = `${t(`views.${name}`)} · ${t("brand")}`;
  announce(t(`views.${name}`));
}

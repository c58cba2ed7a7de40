/** The page begins here. */

import { get } from "./core/api.js";
import { watchDrafts } from "./core/drafts.js";
import { listen, shortcut } from "./core/keys.js";
import { told } from "./core/notes.js";
import { readPreferences } from "./core/preferences.js";
import { go, start } from "./core/router.js";
import { service, state } from "./core/state.js";
import { setTheme, startTheme, theme } from "./core/theme.js";

const NUMBERED = ["check", "integrity", "pages", "cohort", "history", "library", "trail", "settings"];

startTheme();
listen();
watchDrafts();
for (const [at, name] of NUMBERED.entries()) shortcut(`alt+${at + 1}`, `views.${name}`, () => go(name));
shortcut("alt+t", "keys.theme", () => setTheme(theme() === "dark" ? "light" : "dark"));
window.addEventListener("beforeunload", (event) => state.unsaved && event.preventDefault());
await told(known);
await start();
document.documentElement.dataset.ready = "1";

/** Who is here and how they like it. Where nobody is logged in, the first of these leads to the login. */
async function known() {
  if (service.accounts) {
    state.setAccount(await get("/v1/account"));
    document.querySelector("nav.main [data-view=account]").hidden = false;
  }
  await readPreferences();
}

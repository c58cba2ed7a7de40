/** Light, dark, or as the system has it; remembered in this browser, so that it is right from the start. */

const KEY = "neural-lab-theme";
export const THEMES = ["system", "light", "dark"];

export function theme() {
  const kept = remembered();
  return THEMES.includes(kept) ? kept : "system";
}

export function setTheme(name) {
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // It holds until the page is closed.
  }
}

/** Some browsers refuse all storage, as people may wish: then it is what this page shows. */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return document.documentElement.dataset.theme;
  }
}

export function startTheme() {
  document.documentElement.dataset.theme = theme();
}

/** Light, dark, or as the system has it; remembered in this browser, so that it is right from the start. */

const KEY = "neural-lab-theme";
export const THEMES = ["system", "light", "dark"];

export function theme() {
  const kept = localStorage.getItem(KEY);
  return THEMES.includes(kept) ? kept : "system";
}

export function setTheme(name) {
  localStorage.setItem(KEY, name);
  document.documentElement.dataset.theme = name;
}

export function startTheme() {
  document.documentElement.dataset.theme = theme();
}

/** Everything the page says, read from one file; see `strings/en.json`. */

import strings from "../../strings/en.json" with { type: "json" };

const plural = new Intl.PluralRules(document.documentElement.lang || "en");

/**
 * The words under a key such as "check.title", with `{name}` replaced by `values.name`.
 * Where they depend on a number, they are kept as {"one": …, "other": …} and chosen by `values.count`.
 */
export function t(key, values = {}) {
  const found = key.split(".").reduce((table, part) => table?.[part], strings);
  const words = typeof found === "object" && found !== null ? found[plural.select(values.count)] ?? found.other : found;
  if (typeof words !== "string") return key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Placeholder, replaced by the real view. */
import { el, fill } from "../core/dom.js";
import { t } from "../core/words.js";
export function render(root) { fill(root, el("h1", {}, t("views.check"))); }

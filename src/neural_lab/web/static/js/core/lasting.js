/** A part of the page that is made anew while somebody is in it: what they opened, ticked or focused stays so. */

const FOCUSABLE = "a, button, input, select, summary, [tabindex]";

export class Lasting {
  /** By the classes of the details. */
  #open = new Map();
  #ticked = new Map();

  constructor(node) {
    this.node = node;
  }

  /** Run `change`, which makes what is inside anew. */
  keep(change) {
    const focused = this.node.contains(document.activeElement) ? name(document.activeElement) : null;
    this.#remember();
    change();
    this.#restore();
    if (focused !== null) this.#all(FOCUSABLE).find((each) => name(each) === focused)?.focus({ preventScroll: true });
  }

  #remember() {
    for (const each of this.#all("details")) this.#open.set(each.className, each.open);
    for (const each of this.#all("[type=checkbox]")) this.#ticked.set(name(each), each.checked);
  }

  #restore() {
    for (const each of this.#all("details")) each.open = this.#open.get(each.className) ?? each.open;
    for (const each of this.#all("[type=checkbox]:enabled")) each.checked = this.#ticked.get(name(each)) ?? each.checked;
  }

  #all(selector) {
    return [...this.node.querySelectorAll(selector)];
  }
}

/** The same for what is made in the place of something; a summary may count, and so is known by its details. */
function name(node) {
  if (node.localName === "summary") return `summary ${node.parentElement.className}`;
  const said = node.id || node.getAttribute("aria-label") || node.closest("label")?.textContent || node.textContent;
  return `${node.localName} ${said}`;
}

/** Elements made by hand. Text only ever becomes text: nothing here, or anywhere else, parses HTML. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element. `given` holds attributes; `class` is one of them, `on` maps events to listeners,
 * `props` sets properties (value, checked), and attributes that are null, undefined or false are left out.
 * Children are nodes, texts, or lists of them; null, undefined and false are left out.
 */
export function el(name, given = {}, ...children) {
  return dressed(document.createElement(name), given, children);
}

/** The same for SVG. */
export function svg(name, given = {}, ...children) {
  return dressed(document.createElementNS(SVG, name), given, children);
}

/** Put `children` in the place of everything inside `node`, and return it. */
export function fill(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

function dressed(node, { on = {}, props = {}, ...attributes }, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  node.append(...flat(children));
  return Object.assign(node, props);
}

function flat(children) {
  const known = children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false);
  return known.map((each) => (each instanceof Node ? each : String(each)));
}

/** Whoever reads with their ears is told. */
export function announce(said) {
  const place = document.getElementById("spoken");
  if (place) place.textContent = said;
}

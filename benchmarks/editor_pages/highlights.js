/**
 * The browser's own editing, and ranges painted by the Custom Highlight API in 20 steps. `open` has one text node,
 * `openParagraphs` an element a line, which the browser may leave out as long as it is out of sight.
 */

import { sign } from "./common.js";

const STEPS = 20;
const SIGNS = ["none", "leaning", "flagged"];
const LINES = { none: "none", leaning: "underline dotted 2px #c65700", flagged: "underline solid 3px #c65700" };

export function open(parent, text) {
  return editable(parent, text, [document.createTextNode(text)]);
}

export function openParagraphs(parent, text) {
  return editable(parent, text, text.split("\n").map((line) => {
    const block = document.createElement("div");
    block.style.contentVisibility = "auto";
    block.append(line || document.createElement("br"));
    return block;
  }));
}

export function rules() {
  const steps = Array.from({ length: STEPS }, (_, step) => step);
  return steps.flatMap((step) => SIGNS.map((kind) =>
    `::highlight(t${step}-${kind}) { background: rgb(213 94 0 / ${(step / STEPS) * 0.55}); text-decoration: ${LINES[kind]} }`));
}

function editable(parent, text, children) {
  Object.assign(parent, { className: "plain", contentEditable: "plaintext-only", spellcheck: false });
  parent.append(...children);
  return {
    scroller: parent,
    paint: (sentences) => paint(parent, sentences),
    place(share) {
      const range = new Range();
      range.setStart(...spotAbout(parent, share * text.length));
      parent.focus();
      getSelection().collapse(range.startContainer, range.startOffset);
      // Once for the block, whose inside has no place before it is in sight, and once for the letter.
      const block = range.startContainer.parentElement;
      if (block !== parent) parent.scrollTop += block.getBoundingClientRect().top - 300;
      parent.scrollTop += range.getBoundingClientRect().top - 300;
    },
  };
}

/** A text node and an offset near a number of characters, whatever has been typed meanwhile. */
function spotAbout(parent, characters) {
  const nodes = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
  let [node, left] = [nodes.nextNode(), characters];
  for (; node.length < left; node = nodes.nextNode()) left -= node.length;
  return [node, Math.floor(left)];
}

function paint(parent, sentences) {
  CSS.highlights.clear();
  const places = spots(parent, sentences.flatMap(({ start, end }) => [start, end]));
  for (const [at, { probability }] of sentences.entries()) {
    const name = `t${Math.min(STEPS - 1, Math.floor(STEPS * probability))}-${sign(probability)}`;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    const range = new Range();
    range.setStart(...places[2 * at]);
    range.setEnd(...places[2 * at + 1]);
    CSS.highlights.get(name).add(range);
  }
}

/** Text node and offset of each of `offsets`, which ascend; a line break counts one, as element or as letter. */
function spots(parent, offsets) {
  const found = [];
  const nodes = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
  let [node, before] = [nodes.nextNode(), 0];
  for (const offset of offsets) {
    while (offset > before + node.length) {
      const [left, next] = [node, nodes.nextNode()];
      before += left.length + linesBetween(parent, left, next);
      node = next;
    }
    found.push([node, Math.max(0, offset - before)]);
  }
  return found;
}

function linesBetween(parent, left, right) {
  if (left.parentNode === parent) return 0;
  let lines = 1;
  for (let block = left.parentNode.nextSibling; block !== right.parentNode; block = block.nextSibling) lines += 1;
  return lines;
}

/** What two lists have in common, in order: Myers' greedy search for a shortest edit script. */

/** Further apart than this they are not compared item by item: time and memory grow with its square. */
const MOST = 1_500;

/**
 * Runs `{kind, a: [start, end), b: [start, end)}` that cover both lists in order; `kind` is "same" or
 * "changed". Lists that differ in more than `MOST` items are one changed run between their equal ends.
 */
export function diff(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const middle = pairs(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const kept = [
    ...Array.from({ length: head }, (_, at) => [at, at]),
    ...middle.map(([x, y]) => [x + head, y + head]),
    ...Array.from({ length: tail }, (_, at) => [a.length - tail + at, b.length - tail + at]),
  ];
  return runs(kept, a.length, b.length);
}

/** Places of equal items, ascending on both sides. */
function pairs(a, b) {
  const reached = search(a, b);
  return reached ? walkedBack(reached, a.length, b.length) : [];
}

/** For each number of edits how far every diagonal was reached before it; null when there are too many. */
function search(a, b) {
  const most = Math.min(a.length + b.length, MOST);
  const far = new Int32Array(2 * most + 3);
  const history = [];
  for (let edits = 0; edits <= most; edits += 1) {
    history.push(far.slice(most + 1 - edits - 1, most + 1 + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && far[most + k] < far[most + k + 2]);
      let x = down ? far[most + k + 2] : far[most + k] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      far[most + 1 + k] = x;
      if (x >= a.length && x - k >= b.length) return history;
    }
  }
  return null;
}

function walkedBack(history, length, width) {
  const found = [];
  let [x, y] = [length, width];
  for (let edits = history.length - 1; edits >= 0; edits -= 1) {
    const far = (k) => history[edits][k + edits + 1];
    const k = x - y;
    const down = k === -edits || (k !== edits && far(k - 1) < far(k + 1));
    const from = down ? k + 1 : k - 1;
    const begun = edits === 0 ? 0 : far(from);
    const [startX, startY] = edits === 0 ? [0, 0] : down ? [begun, begun - from + 1] : [begun + 1, begun - from];
    while (x > startX && y > startY) found.push([(x -= 1), (y -= 1)]);
    [x, y] = edits === 0 ? [0, 0] : [begun, begun - from];
  }
  return found.reverse();
}

function runs(kept, length, width) {
  const found = [];
  let [x, y] = [0, 0];
  const add = (kind, toX, toY) => {
    const last = found.at(-1);
    if (last?.kind === kind && kind === "same") [last.a[1], last.b[1]] = [toX, toY];
    else if (toX > x || toY > y) found.push({ kind, a: [x, toX], b: [y, toY] });
    [x, y] = [toX, toY];
  };
  for (const [atX, atY] of [...kept, [length, width]]) {
    if (atX > x || atY > y) add("changed", atX, atY);
    if (atX < length || atY < width) add("same", atX + 1, atY + 1);
  }
  return found;
}

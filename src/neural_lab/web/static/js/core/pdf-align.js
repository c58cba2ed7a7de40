/** Which letters of a page are which letters of the text that was read from it, in whatever order the page has them. */

/** So many letters that are the same are no accident. */
export const SURE = 12;
/** What is shorter may be anything, if there is more than one of it. */
const WORD = 3;
/** Where letters stand in more places than this they say nothing about the place. */
const PLACES = 16;
/** How far back a place that was found takes letters from the one before. */
const BACK = 60;

/**
 * For each letter of `wanted` its place in `there`, or -1; no place is given twice. `begins` says how much of a
 * beginning each letter of `wanted` is. Takes time in proportion to their lengths, whatever they say.
 */
export function aligned(wanted, there, begins) {
  const found = new Int32Array(wanted.length).fill(-1);
  const taken = new Uint8Array(there.length);
  const places = wanted === there ? null : grams(there);
  let [at, expected] = [0, 0];
  while (at < wanted.length) {
    const start = places ? nearest(places.get(wanted.slice(at, at + SURE)), expected, taken) : 0;
    if (start === undefined) {
      at += 1;
      continue;
    }
    const back = moved({ wanted, there, begins, found, taken }, at, start);
    const length = same(wanted, there, at, start, taken);
    for (let n = -back; n < length; n += 1) take(found, taken, at + n, start + n);
    at += length;
    expected = start + length;
  }
  leftovers(wanted, there, found, taken);
  return found;
}

/** What is left between places that were found, and is left on the page as a whole too, is the same; in this order. */
function leftovers(wanted, there, found, taken) {
  const known = found.map((place) => Number(place >= 0));
  const free = Map.groupBy(stretches(taken), ([at, end]) => there.slice(at, end));
  const missing = Map.groupBy(stretches(known), ([at, end]) => wanted.slice(at, end));
  for (const [said, gaps] of missing) {
    const places = free.get(said) ?? [];
    if (said.length < WORD && (gaps.length > 1 || places.length > 1)) continue;
    gaps.slice(0, places.length).forEach(([at, end], n) => {
      for (let letter = at; letter < end; letter += 1) take(found, taken, letter, places[n][0] + letter - at);
    });
  }
}

/** Where numbers are 0: `[from, to]`. */
function stretches(numbers) {
  const found = [];
  for (let at = 0; at < numbers.length; at += 1) {
    if (numbers[at]) continue;
    if (found.length && found.at(-1)[1] === at) found.at(-1)[1] = at + 1;
    else found.push([at, at + 1]);
  }
  return found;
}

function grams(there) {
  const places = new Map();
  for (let at = 0; at + SURE <= there.length; at += 1) {
    const gram = there.slice(at, at + SURE);
    const known = places.get(gram);
    if (!known) places.set(gram, [at]);
    else if (known.length <= PLACES) known.push(at);
  }
  return places;
}

/** Where a text mostly goes on is where it went on until now. */
function nearest(places, expected, taken) {
  if (!places || places.length > PLACES) return undefined;
  const free = places.filter((place) => !taken[place]);
  const nearer = (best, each) => (best === undefined || far(each, expected) < far(best, expected) ? each : best);
  return free.reduce(nearer, undefined);
}

/** Going on costs nothing beside going back. */
const far = (place, expected) => (place >= expected ? place - expected : 4 * (expected - place));

function same(wanted, there, at, start, taken) {
  const most = Math.min(wanted.length - at, there.length - start);
  let length = 0;
  while (length < most && !taken[start + length] && wanted[at + length] === there[start + length]) length += 1;
  return length;
}

/**
 * How many letters in front of `at` belong to the place that begins at `start`. Two passages that begin alike look like
 * one until they part; they are parted where a sentence begins, or else a word.
 */
function moved({ wanted, there, begins, found, taken }, at, start) {
  let [best, back] = [begins[at], 0];
  let gap = true;
  for (let n = 1; n <= Math.min(BACK, at, start); n += 1) {
    if (taken[start - n] || wanted[at - n] !== there[start - n]) break;
    gap &&= found[at - n] < 0;
    if (gap || begins[at - n] > best) [best, back] = [Math.max(begins[at - n], gap ? 0 : best), n];
  }
  return back;
}

function take(found, taken, letter, place) {
  if (found[letter] >= 0) taken[found[letter]] = 0;
  found[letter] = place;
  taken[place] = 1;
}

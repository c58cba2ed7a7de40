/** The letters and digits of a text as they are compared: without case, accents, ligatures, hyphens and spaces. */

/** Signs like letters, such as the accents that some fonts write apart, are none. */
const LETTER = /(?!\p{Lm})[\p{L}\p{N}]/u;
const known = new Map();

/**
 * `said` has the letters of all `pieces` in one string, and `from` for each UTF-16 unit of it the number of its piece.
 */
export function letters(pieces) {
  const from = [];
  let said = "";
  let at = 0;
  for (const piece of pieces) {
    const plain = folded(piece);
    said += plain;
    for (let unit = 0; unit < plain.length; unit += 1) from.push(at);
    at += 1;
  }
  return { said, from };
}

/** The same of a text; `from` has UTF-16 offsets, `begins` what a letter begins: 2 a sentence, 1 a word, 0 nothing. */
export function lettersOf(text) {
  const offsets = [];
  const points = [...text];
  let unit = 0;
  for (const point of points) {
    offsets.push(unit);
    unit += point.length;
  }
  const { said, from } = letters(points);
  const found = from.map((at) => offsets[at]);
  return { said, from: found, begins: found.map((at, n) => (n ? beginning(text.slice(found[n - 1], at)) : 2)) };
}

/** What lies between two letters, with the first of them, says whether the second begins something. */
function beginning(between) {
  if (/[.!?:\u2026]\P{L}*\s|\n/u.test(between)) return 2;
  return /\s/.test(between) ? 1 : 0;
}

function folded(piece) {
  let plain = known.get(piece);
  if (plain === undefined) {
    const bare = piece.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
    plain = [...bare].filter((each) => LETTER.test(each)).join("");
    if (known.size < 5_000) known.set(piece, plain);
  }
  return plain;
}

/** Sentences gathered into at most so many columns, so that a long document fits a picture. */

/**
 * Runs of neighbouring sentences, as even as possible: `{first, end, sentences}`.
 * Each sentence stands in exactly one.
 */
export function columns(sentences, most) {
  const count = Math.min(sentences.length, most);
  return Array.from({ length: count }, (_, at) => {
    const first = Math.floor((at * sentences.length) / count);
    const end = Math.floor(((at + 1) * sentences.length) / count);
    return { first, end, sentences: sentences.slice(first, end) };
  });
}

/** The mean of what `of` gives, each weighted by the sentence's length; null where it gives nothing. */
export function mean(sentences, of) {
  let [sum, weight] = [0, 0];
  for (const sentence of sentences) {
    const value = of(sentence);
    if (value === undefined || value === null) continue;
    sum += value * (sentence.end - sentence.start);
    weight += sentence.end - sentence.start;
  }
  return weight ? sum / weight : null;
}

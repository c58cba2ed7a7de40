/** How a sentence's probability is shown: always by a colour and a sign, never by one of them alone. */

/** "flagged", "leaning" or "none": the sign under a sentence of a report. */
export function sign(sentence) {
  if (sentence.flagged) return "flagged";
  return sentence.probability >= 0.5 ? "leaning" : "none";
}

/** The classes of a sentence: its sign, and its probability in whole percent for the tint. */
export function look(sentence) {
  return `s ${sign(sentence)} p${Math.round(100 * sentence.probability)}`;
}

/** Numbers as every report writes them: the rules are those of the program's own words. */

const language = document.documentElement.lang || "en";
const counted = new Intl.NumberFormat(language);

/** A probability in whole percent; certainty is never claimed by rounding. */
export function percent(probability) {
  if (probability < 0.01) return "<1%";
  return probability > 0.99 ? ">99%" : `${whole(100 * probability)}%`;
}

/** A measured share, so that 0 and 100 are possible. */
export function share(part) {
  return part > 0 && part < 1 ? percent(part) : `${whole(100 * part)}%`;
}

/** Two decimals with a sign, as log-odds are shown. */
export function signed(value) {
  const sign = value < 0 || Object.is(value, -0) ? "\u2212" : "+";
  return sign + fixed(Math.abs(value));
}

/**
 * Two decimals as the program writes them. A tie between two of them, which `toFixed` takes upwards and the program
 * to the even one, needs a value that is a multiple of an eighth: only then is a hundred times it exactly a half.
 */
export function fixed(value) {
  const tie = Number.isInteger(8 * value) && Math.abs((100 * value) % 1) === 0.5;
  return tie ? (whole(100 * value) / 100).toFixed(2) : value.toFixed(2);
}

export const count = (number) => counted.format(number);

/** A moment as the service writes it (ISO 8601, UTC), in the reader's own time. */
export function moment(written) {
  const when = new Date(written);
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  return Number.isNaN(when.valueOf()) ? written : format.format(when);
}

/** To the nearest whole number, halves to the even one, as the program rounds. */
function whole(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

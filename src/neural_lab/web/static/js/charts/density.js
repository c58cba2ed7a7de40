/** Smooth curves from quantiles: what a distribution looks like of which only 21 numbers were published. */

const SAMPLES = 160;

/** The value at a level in [0, 1], between quantiles on a straight line. */
export function quantile(levels, values, level) {
  if (level <= levels[0]) return values[0];
  const above = levels.findIndex((each) => each >= level);
  if (above < 0) return values[values.length - 1];
  const share = (level - levels[above - 1]) / (levels[above] - levels[above - 1]);
  return values[above - 1] + share * (values[above] - values[above - 1]);
}

/** The share of texts below `value`, in [0, 1]. */
export function below(levels, values, value) {
  if (value <= values[0]) return levels[0];
  const above = values.findIndex((each) => each >= value);
  if (above < 0) return levels[levels.length - 1];
  const size = values[above] - values[above - 1] || 1;
  return levels[above - 1] + ((value - values[above - 1]) / size) * (levels[above] - levels[above - 1]);
}

/** Densities at `places`: a kernel estimate over values drawn evenly from the quantiles (Silverman's width). */
export function density(levels, values, places) {
  const drawn = Array.from({ length: SAMPLES }, (_, at) => quantile(levels, values, (at + 0.5) / SAMPLES));
  const width = bandwidth(drawn);
  const norm = 1 / (SAMPLES * width * Math.sqrt(2 * Math.PI));
  return places.map((place) => norm * drawn.reduce((sum, each) => sum + Math.exp(-0.5 * ((place - each) / width) ** 2), 0));
}

function bandwidth(drawn) {
  const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
  const deviation = Math.sqrt(drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / drawn.length);
  return 1.06 * (deviation || 1e-6) * drawn.length ** -0.2;
}

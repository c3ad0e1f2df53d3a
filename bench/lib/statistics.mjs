// Medians with their range: with a handful of rounds nothing finer would be honest.

/** Median, minimum and maximum of a list of numbers, and the list itself. Null for an empty list. */
export function summary(samples) {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1], samples };
}

/** Each round's value over the baseline of the same round, so that what slows a whole round cancels out. */
export function ratios(values, baseline) {
  return summary(values.map((value, round) => value / baseline[round]));
}

/**
 * The range that holds the true median with a certainty of about 95 %, whatever the values' distribution: two of them,
 * counted from the ends. With fewer than eight values, all of their range.
 */
export function medianRange(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const count = sorted.length;
  const from = Math.max(0, Math.floor((count - 1.96 * Math.sqrt(count)) / 2));
  return [sorted[from], sorted[count - 1 - from]];
}

// What points are worth: percent, grade, and the overview of many.
const { mean, median, round } = require('./statistics.cjs');

/** Points as percent of what could be had, 0 to 100. */
function percent(points, maxPoints) {
  return round(Math.min(100, Math.max(0, (points / maxPoints) * 100)));
}

/** A for 90 percent and more, then B (75), C (60), D (40), E. */
function grade(percentage) {
  if (percentage >= 90) return 'A';
  if (percentage >= 75) return 'B';
  if (percentage >= 60) return 'C';
  return percentage >= 40 ? 'D' : 'E';
}

/** How an answer reads: longer words and fuller sentences score more, up to 100. */
function scoreAnswer(text) {
  const words = text.match(/\p{L}+/gu) ?? [];
  const length = mean(words.map((word) => word.length));
  return percent(words.length * 2 + length * 8, 100);
}

function overview(percentages) {
  return { count: percentages.length, mean: round(mean(percentages)), median: round(median(percentages)) };
}

module.exports = { percent, grade, scoreAnswer, overview };

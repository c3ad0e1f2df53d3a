// The rows as a table for a terminal.
const UNITS = { ms: ' ms', '%': ' %', '/s': ' /s', MB: ' MB', lines: '', times: '' };

const HEAD = ['', 'baseline', 'Upkeep', 'PM2', 'Upkeep ÷ baseline', 'PM2 ÷ baseline', 'aim', ''];

export function table(rows) {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const lines = cells.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  const notes = rows.filter(({ note }) => note !== '').map(({ title, note }) => `  ${title}: ${note}.`);
  return [...lines, '', 'Medians (minimum to maximum over the rounds); "–": not measured.', ...notes].join(
    '\n',
  );
}

function cellsOf(row) {
  const ratio = (summary) => (summary === null ? '–' : withRange(summary, (value) => value.toFixed(2)));
  const value = (summary) =>
    summary === null ? '–' : withRange(summary, (each) => shown(each, row.unit)) + UNITS[row.unit];
  const aim =
    row.aim === null
      ? ''
      : `≤ ${row.judged === 'ratio' ? row.aim : shown(row.aim, row.unit) + UNITS[row.unit]}`;
  return [
    row.baselineName === '' ? row.title : `${row.title} [${row.baselineName}]`,
    value(row.baseline),
    value(row.upkeep),
    value(row.pm2),
    ratio(row.ratio.upkeep),
    ratio(row.ratio.pm2),
    aim,
    row.met === null ? '' : row.met ? 'met' : 'missed',
  ];
}

function withRange({ median, min, max, samples }, text) {
  return samples.length === 1 ? text(median) : `${text(median)} (${text(min)}–${text(max)})`;
}

export function shown(value, unit) {
  const digits = { '%': 2, '/s': 2, MB: value < 10 ? 2 : 1, lines: 0, times: 0, ms: value < 100 ? 1 : 0 }[
    unit
  ];
  return value.toFixed(digits);
}

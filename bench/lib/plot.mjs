// The rows as a picture: how many times the baseline, and what the daemon takes by itself.

import { parse, View } from 'vega';
import { compile } from 'vega-lite';

const COLORS = { domain: ['Upkeep', 'PM2'], range: ['#0f766e', '#b45309'] };

/** An SVG document. */
export async function plot(rows, machine) {
  const charts = [ratioChart(rows), ...valueCharts(rows)].filter((chart) => chart !== null);
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    title: {
      text: 'Upkeep and PM2 against bare processes',
      subtitle: `Node ${machine.node}, PM2 ${machine.pm2}, ${machine.cores} cores, ${machine.system}, ${machine.at.slice(0, 10)}`,
      anchor: 'start',
      offset: 14,
    },
    config: { view: { stroke: null }, axis: { labelLimit: 420, grid: false }, legend: { title: null } },
    resolve: { scale: { x: 'independent' } },
    vconcat: charts,
  };
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Medians as dots, ranges as lines, aims as ticks; 1 is the baseline. */
function ratioChart(rows) {
  const shown = rows.filter(
    (row) => row.judged === 'ratio' && row.baseline !== null && row.id !== 'many-stop',
  );
  const values = shown.flatMap((row) => points(row, (summary) => summary, row.ratio));
  if (values.length === 0) return null;
  const low = values.map((value) => value.low);
  const high = values.map((value) => value.high);
  return chart({
    title: 'Times the baseline (log scale; the tick is the aim)',
    values,
    scale: { type: 'log', nice: false, domain: [Math.min(0.9, ...low) * 0.95, Math.max(4, ...high) * 1.05] },
    rule: 1,
  });
}

function valueCharts(rows) {
  const groups = [
    ['MB', 'Memory of the daemon, MB'],
    ['%', 'CPU of the idle daemon, % of a core'],
  ];
  return groups.map(([unit, title]) => {
    const shown = rows.filter((row) => row.judged === 'value' && row.unit === unit);
    const values = shown.flatMap((row) => points(row, (summary) => summary, row));
    return values.length === 0 ? null : chart({ title, values, scale: { zero: true }, rule: null });
  });
}

function points(row, pick, from) {
  return [
    ['Upkeep', pick(from.upkeep)],
    ['PM2', pick(from.pm2)],
  ]
    .filter(([, summary]) => summary !== null)
    .map(([who, { median, min, max }]) => ({
      what: row.title,
      who,
      median,
      low: min,
      high: max,
      aim: row.aim,
    }));
}

function chart({ title, values, scale, rule }) {
  const y = {
    field: 'what',
    type: 'nominal',
    sort: null,
    axis: { title: null, ticks: false, domain: false },
  };
  const yOffset = { field: 'who', type: 'nominal', sort: ['Upkeep', 'PM2'] };
  const color = { field: 'who', type: 'nominal', scale: COLORS };
  const x = (field) => ({ field, type: 'quantitative', scale, axis: { title: null } });
  const layer = [
    {
      mark: { type: 'rule', strokeWidth: 2, opacity: 0.45 },
      encoding: { y, yOffset, color, x: x('low'), x2: { field: 'high' } },
    },
    {
      mark: { type: 'point', filled: true, size: 70, opacity: 1 },
      encoding: { y, yOffset, color, x: x('median') },
    },
    {
      transform: [{ filter: "isValid(datum.aim) && datum.who === 'Upkeep'" }],
      mark: { type: 'tick', color: '#111827', thickness: 2, size: 24 },
      encoding: { y, x: x('aim') },
    },
  ];
  if (rule !== null)
    layer.unshift({
      mark: { type: 'rule', strokeDash: [4, 4], color: '#9ca3af' },
      encoding: { x: { datum: rule } },
    });
  return {
    title: { text: title, anchor: 'start', fontSize: 12 },
    width: 520,
    height: new Set(values.map(({ what }) => what)).size * 30,
    data: { values },
    layer,
  };
}

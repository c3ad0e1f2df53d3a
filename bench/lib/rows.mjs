// What a measure hands back: rows of the table, as data.
import { ratios, summary } from './statistics.mjs';

/**
 * A figure that is judged as a ratio to a baseline taken in the same rounds.
 * `samples`: { baseline, upkeep, pm2 }, each one number a round; an empty `pm2` was not measured.
 * `aim`: highest ratio that is good enough, or null.
 */
export function ratioRow({ id, title, unit, baselineName, samples, aim = null, note = '' }) {
  const { baseline, upkeep, pm2 = [] } = samples;
  return {
    id,
    title,
    unit,
    judged: 'ratio',
    baselineName,
    baseline: summary(baseline),
    upkeep: summary(upkeep),
    pm2: summary(pm2),
    ratio: { upkeep: ratios(upkeep, baseline), pm2: ratios(pm2, baseline) },
    aim,
    met: aim === null ? null : ratios(upkeep, baseline).median <= aim,
    note,
  };
}

/**
 * A figure that is judged by itself; a baseline, when there is one, is shown for comparison. Where `upkeep` is empty it
 * was not measured: `note` says why.
 */
export function valueRow({ id, title, unit, baselineName = '', samples, aim = null, note = '' }) {
  const { baseline = [], upkeep, pm2 = [] } = samples;
  const both = baseline.length > 0;
  return {
    id,
    title,
    unit,
    judged: 'value',
    baselineName,
    baseline: summary(baseline),
    upkeep: summary(upkeep),
    pm2: summary(pm2),
    ratio: { upkeep: both ? ratios(upkeep, baseline) : null, pm2: both ? ratios(pm2, baseline) : null },
    aim,
    met: aim === null || upkeep.length === 0 ? null : round(summary(upkeep).median, unit) <= aim,
    note,
  };
}

/** A value is held against its aim with the digits with which it is shown. */
export function round(value, unit) {
  const digits = { '%': 2, '/s': 2, MB: 2, ms: 0, lines: 0, times: 2 }[unit] ?? 2;
  return Number(value.toFixed(digits));
}

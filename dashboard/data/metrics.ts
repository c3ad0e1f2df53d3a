/** CPU and memory: the last minutes as they were sampled, the hours before as averages of a minute. */
import { createSignal } from 'solid-js';
import type { MetricsSample } from '../../src/contract/api/metrics.ts';
import { upkeep } from './connection.ts';

/** Parallel columns: what a chart wants. `at`: epoch s. */
export interface Series {
  at: number[];
  cpu: (number | null)[];
  memory: (number | null)[];
}

/** Samples of two seconds: ten minutes. */
const FINE = 300;
/** Averages of a minute: a day. */
const COARSE = 1440;

const fine = new Map<string, Series>();
const coarse = new Map<string, Series>();
const [tick, setTick] = createSignal(0);
const [machine, setMachine] = createSignal<MetricsSample['machine'] | null>(null);

/** `tick` changes with every sample: what reads the columns depends on it. */
export { machine, tick };

/** The first ones of the stream, until the history has been loaded. */
const early: MetricsSample[] = [];

export function addSample(sample: MetricsSample): void {
  keep(sample);
  if (early.push(sample) > FINE) early.shift();
  setMachine(sample.machine);
  setTick((count) => count + 1);
}

/** What others had sampled before this page was opened. */
export async function loadSamples(): Promise<void> {
  const report = await upkeep.metrics().catch(() => null);
  if (report === null) return;
  const last = report.samples.at(-1);
  if (last === undefined) return;
  // Those that the stream has brought meanwhile are kept behind them.
  const since = early.filter(({ at }) => at > last.at);
  fine.clear();
  for (const sample of [...report.samples, ...since]) keep(sample);
  early.length = 0;
  setTick((count) => count + 1);
}

/** The last `count` values, oldest first. */
export function lately(name: string, what: 'cpu' | 'memory', count: number): (number | null)[] {
  return fine.get(name)?.[what].slice(-count) ?? [];
}

/** All that is known: minutes, then samples. */
export function wholeSeries(name: string): Series {
  const near = fine.get(name) ?? empty();
  const far = coarse.get(name) ?? empty();
  const from = near.at[0] ?? Number.POSITIVE_INFINITY;
  const old = far.at.filter((at) => at < from).length;
  return {
    at: [...far.at.slice(0, old), ...near.at],
    cpu: [...far.cpu.slice(0, old), ...near.cpu],
    memory: [...far.memory.slice(0, old), ...near.memory],
  };
}

function keep({ at, services }: MetricsSample): void {
  for (const { name, cpu, memory } of services) {
    const series = seriesOf(fine, name);
    const last = series.at.at(-1) ?? 0;
    if (at / 1000 <= last) continue;
    push(series, at / 1000, cpu, memory, FINE);
    if (Math.floor(at / 60_000) !== Math.floor(last / 60)) summarise(name, series, at / 1000);
  }
}

function summarise(name: string, { at, cpu, memory }: Series, now: number): void {
  const since = at.findIndex((each) => each > now - 60);
  push(seriesOf(coarse, name), now, mean(cpu.slice(since)), mean(memory.slice(since)), COARSE);
}

function push(series: Series, at: number, cpu: number | null, memory: number | null, most: number): void {
  series.at.push(at);
  series.cpu.push(cpu);
  series.memory.push(memory);
  if (series.at.length > most) for (const column of [series.at, series.cpu, series.memory]) column.shift();
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function seriesOf(all: Map<string, Series>, name: string): Series {
  const found = all.get(name) ?? empty();
  all.set(name, found);
  return found;
}

function empty(): Series {
  return { at: [], cpu: [], memory: [] };
}

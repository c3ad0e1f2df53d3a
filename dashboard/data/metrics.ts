/** CPU and memory: the last minutes as they were sampled; the hours before as the averages that are kept of them. */
import { createSignal } from 'solid-js';
import type { MetricsSample, UsageReport } from '../../src/contract/api/metrics.ts';
import { upkeep } from './connection.ts';

/** Parallel columns: what a chart wants. `at`: epoch s. */
export interface Series {
  at: number[];
  cpu: (number | null)[];
  memory: (number | null)[];
}

/** Samples of two seconds: ten minutes. */
const FINE = 300;
/** ms, where the server has not said. */
const GAP = 100_000;

const fine = new Map<string, Series>();
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

/** What is kept of the day, then the samples. Where nobody looked there is a gap: a null between two points. */
export function wholeSeries(name: string, day: UsageReport | null): Series & { hasGaps: boolean } {
  const near = fine.get(name) ?? empty();
  const from = near.at[0] ?? Number.POSITIVE_INFINITY;
  const series = { ...empty(), hasGaps: false };
  const add = (at: number, cpu: number | null, memory: number | null) => {
    const last = series.at.at(-1);
    if (last !== undefined && at - last > (day?.gap ?? GAP) / 1000) {
      series.hasGaps = true;
      put(series, last + 1, null, null);
    }
    put(series, at, cpu, memory);
  };
  for (const { at, cpu, memory } of day?.points ?? []) if (at / 1000 < from) add(at / 1000, cpu, memory);
  near.at.forEach((at, index) => {
    add(at, near.cpu[index] ?? null, near.memory[index] ?? null);
  });
  return series;
}

function keep({ at, services }: MetricsSample): void {
  for (const { name, cpu, memory } of services) {
    const series = seriesOf(name);
    const last = series.at.at(-1) ?? 0;
    if (at / 1000 <= last) continue;
    put(series, at / 1000, cpu, memory);
    if (series.at.length > FINE) for (const column of [series.at, series.cpu, series.memory]) column.shift();
  }
}

function put({ at, cpu, memory }: Series, when: number, share: number | null, bytes: number | null): void {
  at.push(when);
  cpu.push(share);
  memory.push(bytes);
}

function seriesOf(name: string): Series {
  const found = fine.get(name) ?? empty();
  fine.set(name, found);
  return found;
}

function empty(): Series {
  return { at: [], cpu: [], memory: [] };
}

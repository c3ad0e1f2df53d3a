/**
 * CPU and memory over the day, as averages of a minute. Written by whoever samples, while somebody looks: nobody is
 * woken for it, so there are gaps where nobody did. Of two that sample at a time each writes its own averages.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { MetricsSample, UsagePoint } from '../contract/api/metrics.ts';
import { readText } from '../platform/files.ts';

const MINUTE = 60_000;
/** One older file is kept beside the current one: a day of a hundred services at least. */
const MAX_BYTES = 4 * 1024 * 1024;
/** ms: points of one look are never further apart. */
export const USAGE_GAP = 100_000;

export interface UsageWriter {
  add(sample: MetricsSample): void;
  /** Nobody looks any more. */
  flush(): void;
}

interface Line {
  at: number;
  /** By service: CPU in percent of a core, resident bytes. */
  services: Record<string, [cpu: number | null, memory: number]>;
}

export function usageWriter(path: string): UsageWriter {
  let samples: MetricsSample[] = [];
  const flush = () => {
    const line = averageOf(samples);
    samples = [];
    if (line !== null) append(path, line);
  };
  return {
    add(sample) {
      const [first] = samples;
      if (first !== undefined && Math.floor(first.at / MINUTE) !== Math.floor(sample.at / MINUTE)) flush();
      samples.push(sample);
    },
    flush,
  };
}

/** Null where nothing runs. A short look leaves what it has seen. Pure. */
export function averageOf(samples: readonly MetricsSample[]): Line | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  const services: Line['services'] = {};
  for (const { name } of last.services) {
    const own = samples.flatMap((each) => each.services.filter((service) => service.name === name));
    const memory = mean(own.map((each) => each.memory));
    const cpu = mean(own.map((each) => each.cpu));
    if (memory !== null)
      services[name] = [cpu === null ? null : Math.round(cpu * 10) / 10, Math.round(memory)];
  }
  return Object.keys(services).length === 0 ? null : { at: last.at, services };
}

/** Of one service, oldest first. `since`: epoch ms. */
export function usageSince(path: string, service: string, since: number): UsagePoint[] {
  return [`${path}.1`, path]
    .flatMap((file) => (readText(file) ?? '').split('\n'))
    .flatMap((text) => pointIn(text, service) ?? [])
    .filter(({ at }) => at >= since)
    .sort((one, other) => one.at - other.at);
}

/** Null for a line that is cut off, or does not speak of it. */
function pointIn(text: string, service: string): UsagePoint | null {
  if (!text.includes(JSON.stringify(service))) return null;
  try {
    const { at, services } = JSON.parse(text) as Line;
    const [cpu, memory] = services[service] ?? [];
    return typeof at !== 'number' || memory === undefined ? null : { at, cpu: cpu ?? null, memory };
  } catch {
    return null;
  }
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function append(path: string, line: Line): void {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(path, `${path}.1`);
    appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch {
    // A full disk, or a workspace that was removed: then that minute is a gap.
  }
}

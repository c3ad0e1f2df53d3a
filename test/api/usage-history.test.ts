/** CPU and memory over the day: what is kept of what was sampled. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { averageOf, usageSince, usageWriter } from '../../src/api/usage-history.ts';
import type { MetricsSample } from '../../src/contract/api/metrics.ts';

const MINUTE = 60_000;

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-usage-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'usage.jsonl');
}

function sample(at: number, cpu: number | null, memory: number | null): MetricsSample {
  return {
    at,
    services: [
      { name: 'web', cpu, memory },
      { name: 'idle', cpu: null, memory: null },
    ],
    machine: { cores: 2, cpu: null, memoryUsed: 1, memoryTotal: 2 },
  };
}

it('keeps the average of each minute, and of the part that was looked at', () => {
  const path = file();
  const writer = usageWriter(path);
  for (const [at, cpu, memory] of [
    [0, null, 100],
    [2000, 10, 200],
    [4000, 20, 300],
    [MINUTE, 50, 400],
    [MINUTE + 2000, 70, 600],
  ] as const)
    writer.add(sample(at, cpu, memory));
  writer.flush();
  writer.flush();
  expect(usageSince(path, 'web', 0)).toEqual([
    { at: 4000, cpu: 15, memory: 200 },
    { at: MINUTE + 2000, cpu: 60, memory: 500 },
  ]);
  expect(usageSince(path, 'web', MINUTE)).toHaveLength(1);
  expect(usageSince(path, 'idle', 0)).toEqual([]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a short look leaves what it has seen, and nothing of what does not run', () => {
  expect(averageOf([sample(7, null, 1)])).toEqual({ at: 7, services: { web: [null, 1] } });
  expect(averageOf([])).toBeNull();
  expect(averageOf([sample(0, null, null), sample(1, null, null)])).toBeNull();
});

it('goes on in a new file when the old one is large, and reads both; half a line is left out', () => {
  const path = file();
  const write = (at: number) => {
    const writer = usageWriter(path);
    writer.add(sample(at, 1, 1));
    writer.add(sample(at + 1, 1, 1));
    writer.flush();
  };
  write(1);
  appendFileSync(path, `${'x'.repeat(4 * 1024 * 1024)}\n`);
  write(10);
  appendFileSync(path, '{"at":20,"services":{"web":[1,');
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
  expect(usageSince(path, 'web', 0).map(({ at }) => at)).toEqual([2, 11]);
});

it('cannot fail whoever samples', () => {
  const path = file();
  writeFileSync(path, '');
  const writer = usageWriter(join(path, 'below a file'));
  writer.add(sample(0, 1, 1));
  writer.add(sample(1, 1, 1));
  writer.flush();
  expect(usageSince(join(path, 'below a file'), 'web', 0)).toEqual([]);
});

/** Where control sockets are, and that none is left. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  controlPath,
  isControlOf,
  prepareControl,
  removeControlFolder,
  removeControls,
  removeGoneControls,
  removeStaleControls,
} from '../../../src/daemon/seamless/control-path.ts';

const ID = '0123456789abcdef';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-paths-'));
  vi.stubEnv('UPKEEP_RUNTIME_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function pathOf(service: string, run: number): string {
  const path = controlPath(ID, service, run);
  if (path === null) throw new Error('no path');
  return path;
}

function touch(...paths: string[]): void {
  for (const path of paths) writeFileSync(path, '');
}

it('is believed of its own run alone, whatever a process tells', () => {
  const run = fc.record({ service: fc.constantFrom('web', 'api'), run: fc.integer({ min: 1, max: 12 }) });
  const piece = fc.constantFrom('..', '.', '', '1', '12', 'x', basename(pathOf('web', 1)), basename(folder));
  const told = fc.oneof(
    fc.array(piece, { maxLength: 6 }).map((pieces) => join(folder, ID, ...pieces)),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `${folder}/${ID}/${pieces.join('/')}`),
    fc
      .tuple(run, fc.constantFrom('', '.', '.7', '.07', '.x', '/../x', '.7/x'))
      .map(([other, end]) => `${pathOf(other.service, other.run)}${end}`),
    fc.string(),
  );
  fc.assert(
    fc.property(run, run, told, (one, other, path) => {
      const [mine, theirs] = [pathOf(one.service, one.run), pathOf(other.service, other.run)];
      if (!isControlOf(path, mine)) return;
      expect(dirname(path)).toBe(dirname(mine));
      expect(path.startsWith(mine)).toBe(true);
      if (mine !== theirs) expect(isControlOf(path, theirs)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

it('is short, whatever the service is called, and of its own for each run', () => {
  const long = 'a-service-with-a-long-name-'.repeat(8);
  expect(basename(pathOf(long, 123_456)).length).toBeLessThan(20);
  expect(pathOf(long, 1)).not.toBe(pathOf(long, 2));
  expect(pathOf('web', 1)).not.toBe(pathOf('api', 1));
});

it('is none in a runtime folder that is too deep', () => {
  vi.stubEnv('UPKEEP_RUNTIME_DIR', `/tmp/${'x'.repeat(80)}`);
  expect(controlPath(ID, 'web', 1)).toBeNull();
});

it('lies in a folder that only this user can enter', () => {
  prepareControl(pathOf('web', 1));
  expect(statSync(join(folder, ID)).mode & 0o777).toBe(0o700);
});

it('is gone with its run, those of its other processes too, and nobody else is', () => {
  const [one, ten] = [pathOf('web', 1), pathOf('web', 10)];
  prepareControl(one);
  touch(one, `${one}.123`, ten, `${ten}.123`, `${one}.x`);
  removeControls(one);
  expect(readdirSync(dirname(one)).sort()).toEqual(
    [ten, `${ten}.123`, `${one}.x`].map((path) => basename(path)).sort(),
  );
});

it('that is stale is removed by the next daemon', () => {
  const [one, two] = [pathOf('web', 1), pathOf('web', 2)];
  removeStaleControls(ID, []);
  prepareControl(one);
  touch(one, `${one}.5`, two, `${two}.5`);
  removeStaleControls(ID, [two]);
  expect(readdirSync(dirname(one)).sort()).toEqual([two, `${two}.5`].map((path) => basename(path)));
  removeStaleControls(ID, []);
  expect(readdirSync(dirname(one))).toEqual([]);
});

it('of a process that is gone is removed while its run goes on, and nobody else’s is', () => {
  const [one, ten] = [pathOf('web', 1), pathOf('web', 10)];
  prepareControl(one);
  const kept = [one, `${one}.7`, `${one}.x`, ten, `${ten}.5`];
  touch(...kept, `${one}.5`, `${one}.6`);
  removeGoneControls(one, (pid) => pid === 7);
  expect(readdirSync(dirname(one)).sort()).toEqual(kept.map((path) => basename(path)).sort());
  rmSync(join(folder, ID), { recursive: true });
  removeGoneControls(one, () => false);
});

it('their folder goes when it is empty, and never what a link leads to', () => {
  const one = pathOf('web', 1);
  prepareControl(one);
  touch(one);
  removeControlFolder(ID);
  expect(readdirSync(folder)).toEqual([ID]);
  removeControls(one);
  removeControlFolder(ID);
  expect(readdirSync(folder)).toEqual([]);
  removeControlFolder(ID);
  mkdirSync(join(folder, 'other'));
  symlinkSync(join(folder, 'other'), join(folder, ID));
  removeControlFolder(ID);
  expect(readdirSync(folder).sort()).toEqual([ID, 'other']);
});

it('that a process tells of must be its own', () => {
  const one = pathOf('web', 1);
  expect(isControlOf(one, one)).toBe(true);
  expect(isControlOf(`${one}.77`, one)).toBe(true);
  for (const other of [pathOf('web', 11), pathOf('api', 1), `${one}.x`, `/tmp/${basename(one)}`, `${one}0`])
    expect(isControlOf(other, one)).toBe(false);
});

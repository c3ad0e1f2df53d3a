/** What is watched on account of the reports of a service's runs. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunLoads } from '../../../src/daemon/exact/run-loads.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-run-loads-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function followed() {
  const watched = new Set<string>();
  const loads = new RunLoads({
    watch: (file) => watched.add(file),
    unwatch: (file) => watched.delete(file),
    unfollowed: () => undefined,
  });
  const report = (run: number) => join(folder, `${run}`);
  const begin = (run: number, onTrial = false) => {
    writeFileSync(report(run), '');
    loads.begin(run, report(run), folder, onTrial);
  };
  const tells = (run: number, file: string) => {
    appendFileSync(report(run), `${JSON.stringify(['load', 1, join(folder, file), null])}\n`);
    loads.readNow();
  };
  const names = () => [...watched].map((file) => file.slice(folder.length + 1)).sort();
  return { loads, begin, tells, names };
}

it('what only a run on trial loaded is let go with it', () => {
  const { loads, begin, tells, names } = followed();
  begin(1);
  tells(1, 'a.js');
  begin(2, true);
  tells(2, 'a.js');
  tells(2, 'b.js');
  expect(names()).toEqual(['a.js', 'b.js']);
  loads.withdraw();
  expect(names()).toEqual(['a.js']);
  loads.close();
});

it('what the run before loaded counts on when one on trial has been ready and comes to nothing', () => {
  const { loads, begin, tells, names } = followed();
  begin(1);
  tells(1, 'a.js');
  tells(1, 'b.js');
  loads.settle();
  begin(2, true);
  tells(2, 'a.js');
  loads.settle();
  loads.withdraw();
  expect(names()).toEqual(['a.js', 'b.js']);
  begin(3, true);
  tells(3, 'a.js');
  loads.settle();
  loads.keep();
  expect(names()).toEqual(['a.js']);
  loads.close();
});

it('a service that follows its sources itself does so after a trial that came to nothing, too', () => {
  const { loads, begin, tells, names } = followed();
  begin(1);
  tells(1, 'a.js');
  loads.letGo();
  begin(2, true);
  loads.withdraw();
  tells(1, 'b.js');
  expect(names()).toEqual([]);
  loads.close();
});

it.each([false, true])(
  'what the run that serves loads after later ones have failed counts, also while another is on trial: %s',
  async (isTried) => {
    const { loads, begin, tells, names } = followed();
    begin(1);
    tells(1, 'a.js');
    loads.settle();
    begin(2);
    tells(2, 'broken.js');
    loads.end(0);
    tells(1, 'b.js');
    begin(3, isTried);
    tells(1, 'c.js');
    expect(names()).toEqual(['a.js', 'b.js', 'broken.js', 'c.js']);
    expect(await loads.chainTo([join(folder, 'c.js')])).toEqual([join(folder, 'c.js')]);
    if (isTried) loads.withdraw();
    expect(names()).toEqual(['a.js', 'b.js', 'broken.js', 'c.js']);
    begin(4, isTried);
    tells(4, 'a.js');
    loads.settle();
    loads.keep();
    tells(1, 'd.js');
    expect(names()).toEqual(['a.js']);
    loads.close();
  },
);

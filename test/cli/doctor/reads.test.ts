import { expect, it } from 'vitest';
import { inWorkspace } from '../../../src/api/graph/paths.ts';
import { readRuns } from '../../../src/api/graph/runs.ts';
import { checkReads } from '../../../src/cli/doctor/reads.ts';
import { ran } from '../graph/fixture.ts';

const READS = ['views/a.html', 'views/b.html', 'package.json', 'x.pem', 'y.sql', 'server.js'];

async function findings(include: string[]) {
  const lines = READS.map((file) => ['read', 5, `ROOT/${file}`]);
  const watch = { enabled: true, include, ignore: [], quiet: null, packages: false };
  const root = ran({ web: { loads: [['server.js', null]], lines, spec: { watch } } });
  return checkReads(readRuns(root, ['web']), (file) => inWorkspace(root, file));
}

it('names what a service reads by itself and nothing watches', async () => {
  const [found] = await findings([]);
  expect(found?.level).toBe('warn');
  expect(found?.text).toBe(
    'web reads views/a.html, views/b.html, x.pem and 1 more at its start: an edit of that restarts nothing',
  );
  expect(found?.mend).toContain('watch.include');
});

it('says nothing of what `watch` names, of manifests and of modules', async () => {
  expect(await findings(['views', '*.pem', 'y.sql'])).toEqual([]);
});

/** What is loaded by a symbolic link: an edit of the target is an edit, and so is another target. */
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Rig } from '../rig/rig.ts';
import { loading, restartedBy, stayIn, story } from './story.ts';

/** As `ln -sfn` does. */
function link(rig: Rig, target: string, at: string): void {
  rmSync(rig.path('new-link'), { force: true });
  symlinkSync(target, rig.path('new-link'));
  renameSync(rig.path('new-link'), rig.path(at));
}

it('another target of a link to a file, to a folder and to a package of the workspace', async () => {
  const rig = await story((r) => {
    for (const name of ['one', 'two']) {
      r.write(`files/${name}.mjs`, `export const file = '${name}';\n`);
      r.write(`releases/${name}/part.mjs`, `export const part = '${name}';\n`);
      r.write(
        `packages/${name}/package.json`,
        '{ "name": "shared", "type": "module", "exports": "./main.js" }',
      );
      r.write(`packages/${name}/main.js`, `export const shared = '${name}';\n`);
    }
    r.write('node_modules/keep', '');
    link(r, 'files/one.mjs', 'file.mjs');
    link(r, 'releases/one', 'current');
    link(r, '../packages/one', 'node_modules/shared');
    const code = "import '../file.mjs'; import '../current/part.mjs'; import 'shared';";
    return { web: { command: loading(r, 'web', code) }, other: {} };
  });
  await rig.ok('start');
  // It has loaded all of them when it says hello.
  const restarted = async (file: string) => {
    await rig.nextInvocation('web');
    await restartedBy(rig, 'web', file);
  };
  await rig.nextInvocation('web');
  link(rig, 'files/two.mjs', 'file.mjs');
  await restarted('file.mjs');
  link(rig, 'releases/two', 'current');
  await restarted('current');
  link(rig, '../packages/two', 'node_modules/shared');
  await restarted('node_modules/shared');
  // Told by its own name alone, and what is not linked to any more is nobody's.
  rig.write('files/two.mjs', 'export const file = 3;\n');
  await restarted('files/two.mjs');
  rig.write('releases/one/part.mjs', 'export const part = 3;\n');
  await stayIn(rig, { web: 5, other: 1 });
  expect((await rig.service('web')).watching).toEqual({ kind: 'exact' });
});

import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type WatchFolder, watchFolder } from '../../src/watch/folders.ts';
import { workspace } from './rig.ts';

/** A kernel that has no more watches to give until it is told to. */
function exhausted(code: string): { watchFolder: WatchFolder; recover(): void } {
  let broken = true;
  return {
    recover: () => {
      broken = false;
    },
    watchFolder(folder, onEvent) {
      if (broken) throw Object.assign(new Error(`watch ${code}`), { code });
      return watchFolder(folder, onEvent);
    },
  };
}

describe('without inotify watches', () => {
  it('files are polled, and the person is told how to raise the limit', async () => {
    const kernel = exhausted('ENOSPC');
    const space = workspace(kernel);
    space.write('server.js', 'x');
    space.write('src/a.js', 'a');
    await space.begin({ files: [space.at('server.js')], include: ['src/**'] });
    expect(space.problems).toHaveLength(1);
    expect(space.problems[0]).toContain('sysctl fs.inotify.max_user_watches=');
    space.write('server.js', 'x 2');
    space.write('src/new/b.js', 'b');
    fs.rmSync(space.at('src/a.js'));
    expect(await space.reported()).toEqual(['server.js', 'src/a.js', 'src/new/b.js']);
  });

  it('each look tries again, and events take over when there are some', async () => {
    const kernel = exhausted('EMFILE');
    const space = workspace(kernel);
    space.write('src/a.js', 'a');
    await space.begin({ include: ['src/**'] });
    expect(space.problems[0]).toContain('max_user_instances');
    kernel.recover();
    await space.until(() => space.problems.at(-1) === null);
    space.write('src/a.js', 'a 2');
    expect(await space.reported()).toEqual(['src/a.js']);
  });
});

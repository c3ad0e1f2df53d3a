/** What git should not see. Asked of git itself: a rule may stand in any of several files. */
import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { type Finding, ok, warn } from './finding.ts';

/** Nothing when the workspace is in no repository, there is no git, or the logs are outside. */
export function checkGit(root: string, logDir: string): Finding[] {
  const logs = relative(root, logDir);
  const wanted = [
    '.upkeep/',
    ...(logs === '' || logs.startsWith('..') ? [] : [`${logs}/`]),
    '.server-daemon-state.json',
  ];
  const { status, stdout } = spawnSync(
    'git',
    ['-C', root, '-c', 'core.quotePath=false', 'check-ignore', '--no-index', ...wanted],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  // 0: some are ignored, 1: none, 128: no repository (git-check-ignore(1)).
  if (status !== 0 && status !== 1) return [];
  const ignored = new Set(stdout.split('\n'));
  const seen = wanted.filter((path) => !ignored.has(path));
  if (seen.length === 0) return [ok('git ignores what Upkeep writes')];
  return [
    warn(
      `git does not ignore ${seen.join(', ')}`,
      `printf '%s\\n' ${seen.map((path) => `'${path}'`).join(' ')} >> .gitignore`,
    ),
  ];
}

/**
 * What Upkeep preloads into the Node processes of a service (`NODE_OPTIONS=--require …`): it tells the run's
 * report which files the process loads. It must not be noticed: no listener, no signal handler, no frame in
 * a stack trace; and whatever fails here leaves the app as if the hook were not there.
 *
 * One part a file; each is told when it is its turn, none knows of the others. What is asked for by `require` in a
 * function is compiled only then: most of the hook's cost at a start is its length.
 */
// Takes what the parts need before the app begins.
import './later.ts';
import { watchChildren } from './children.ts';
import { watchFolders } from './folders.ts';
import { watchLinks } from './links.ts';
import { watchFirstListen } from './listening.ts';
import { Module } from './module-class.ts';
import { watchModules } from './modules.ts';
import { isPackageManager } from './quiet.ts';
import { ReadFiles } from './reads.ts';
import { openReport, type Report } from './report.ts';
import { Scope } from './scope.ts';
import { watchSearches } from './searches.ts';
import { installSockets } from './sockets/index.ts';
import { thread } from './thread.ts';

function start(report: Report): void {
  const scope = new Scope(process.env['UPKEEP_ROOT'] ?? process.cwd());
  if (thread() === 'main') report.hello();
  const reads = new ReadFiles(scope);
  let importsAreWatched = () => false;
  const parts = [
    () => {
      importsAreWatched = watchModules({ report, scope, reads, thread: thread() });
    },
    () => watchLinks(report, scope),
    () => watchFolders(report, scope),
    () => watchChildren(report, scope),
    () => watchSearches(report, scope, () => importsAreWatched()),
    () => installSockets(report, process.env, thread() === 'main'),
    () =>
      watchFirstListen(() => {
        report.listening();
        reads.listening();
      }),
  ];
  for (const install of parts) {
    try {
      install();
    } catch {
      // The others may still work.
    }
  }
}

/** On standby it waits here, before anything of the app or of what watches it has been loaded. */
function becomeRun(): void {
  const fifo = process.env['UPKEEP_STANDBY'];
  if (fifo === undefined || thread() !== 'main') return;
  const { awaitRelease } = require('./standby.ts') as typeof import('./standby.ts');
  awaitRelease(fifo);
}

try {
  // An app that looks through require.cache does not find the hook.
  delete Module._cache[__filename];
  const report = openReport(process.env['UPKEEP_REPORT'], thread());
  if (report !== null) {
    if (isPackageManager(process.argv[1])) {
      if (thread() === 'main') report.quiet('package manager');
    } else {
      becomeRun();
      start(report);
    }
  }
} catch {
  // No report: the daemon sees no hello line and falls back to folders.
}

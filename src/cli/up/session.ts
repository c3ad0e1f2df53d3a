/**
 * The foreground: services are the daemon's as always, this only shows them and stops them in the end.
 * What is shown comes from files (logs, journal, snapshot), so it goes on when the daemon is replaced.
 */
import { basename } from 'node:path';
import colors from 'picocolors';
import type { ResolvedConfig } from '../../contract/config.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { withRequired } from '../../contract/required.ts';
import { selectServices } from '../../contract/select.ts';
import { watchFolder } from '../../logs/watch-folder.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { followJournal } from '../journal/follow.ts';
import { createStory, lastWordsFirst, type Told } from '../journal/story.ts';
import { lineRenderer } from '../logs/render.ts';
import { type Failures, startSummary, trackFailures } from './failures.ts';
import { followLogs } from './merged-logs.ts';
import { observe } from './observed.ts';
import type { Output } from './output.ts';
import { type Sending, send } from './send.ts';
import type { StopRequests } from './stop-requests.ts';

export interface Foreground {
  root: string;
  config: ResolvedConfig;
  /** Selectors; none: all. */
  names: string[];
  output: Output;
  stops: StopRequests;
  colour: boolean;
  timestamps: boolean;
}

/** Resolves when its services have been stopped, by this terminal or by another. */
export async function runInForeground(world: Foreground): Promise<ExitCode> {
  const { root, config, output, stops } = world;
  const services = withRequired(selectServices(world.names, config.services), config.services);
  const failures = trackFailures();
  const colours = colors.createColors(world.colour);
  const say = (text: string) => output.write(`${colours.dim(text)}\n`);
  const screen = showServices(world, services, failures, say);
  let begun = false;
  const elsewhere = whenStoppedElsewhere(root, services, screen.look, () => begun);
  const started = start(world, (progress) => {
    begun = true;
    screen.tell(screen.story.tellWaiting(progress));
  }).then((outcomes) => {
    begun = true;
    screen.look();
    // Stopped on the way is not failed.
    if (stops.count > 0) return;
    failures.started(outcomes);
    say(startSummary(outcomes));
  });
  try {
    await Promise.race([stops.first, elsewhere.stopped, rejection(started)]);
    if (stops.count > 0) await stop(root, services, stops, say);
  } finally {
    elsewhere.undo();
    screen.end();
  }
  if (stops.count === 0) say('All of them were stopped by another command.');
  return failures.any ? ExitCode.failed : ExitCode.ok;
}

/** Logs and story of these services, until `end`. */
function showServices(
  world: Foreground,
  services: string[],
  failures: Failures,
  say: (text: string) => void,
) {
  const { root, config, output, colour } = world;
  const paths = workspacePaths(root);
  const render = lineRenderer({ ...world, json: false, services });
  const urls = new Map(config.services.map(({ name, url }) => [name, url]));
  const story = createStory(
    new Map(services.map((name) => [name, urls.get(name) ?? null])),
    colors.createColors(colour),
  );
  const tell = (told: Told | null) => {
    if (told !== null) output.write(render({ ...told, run: null, time: Date.now() }));
  };
  const onEntry = (entry: JournalEntry) => {
    failures.saw(entry);
    tell(story.tell(entry));
  };
  const told = lastWordsFirst(onEntry);
  const journal = followJournal(paths.journal, told.add);
  const running = observe(paths.snapshot, services)?.alive ?? [];
  if (running.length > 0) say(`Already running, to be stopped with the rest: ${running.join(', ')}.`);
  const undoLogs = followLogs({ root, logDir: config.logDir }, services, new Set(running), (lines) =>
    output.write(lines.map(render).join('')),
  );
  return {
    story,
    tell,
    look: () => journal.look(),
    end() {
      undoLogs();
      journal.look();
      told.flush();
    },
  };
}

/** `look`: called at each change; `begun`: before that, an old snapshot says that nothing is wanted. */
function whenStoppedElsewhere(root: string, services: string[], look: () => void, begun: () => boolean) {
  const { own, journal, snapshot } = workspacePaths(root);
  const watched = new Set([basename(journal), basename(snapshot)]);
  let undo = () => {};
  const stopped = new Promise<void>((resolve) => {
    undo = watchFolder(own, (name) => {
      if (name !== null && !watched.has(name)) return;
      look();
      if (begun() && observe(snapshot, services)?.allStopped === true) resolve();
    });
  });
  return { stopped, undo };
}

async function start(
  { root, names, config, stops }: Foreground,
  onProgress: NonNullable<Sending['onProgress']>,
) {
  const request = { method: 'start', by: 'up', names, config, wait: true } as const;
  // The daemon ends with the last service: its loss after Ctrl-C is no reason to start them all again.
  return (await send(root, request, { onProgress, isMeant: () => stops.count === 0 })).outcomes;
}

/** The first request stops in order and with patience; each further one is sent as well, and kills. */
async function stop(
  root: string,
  names: string[],
  stops: StopRequests,
  say: (text: string) => void,
): Promise<void> {
  const request = { method: 'stop', by: 'up', names, wait: true } as const;
  say(`Stopping ${names.join(', ')}. Ctrl-C again kills at once.`);
  const orderly = send(root, request);
  const harder = new Promise<void>((resolve, reject) => {
    const kill = () => {
      say('Killing.');
      send(root, request).then(() => resolve(), reject);
    };
    stops.onMore(kill);
    if (stops.count > 1) kill();
  });
  await Promise.race([orderly, harder]);
}

/** Never resolves; rejects when the promise does. */
function rejection(promise: Promise<unknown>): Promise<never> {
  return promise.then(() => new Promise<never>(() => {}));
}

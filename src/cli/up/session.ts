/**
 * The foreground: services are the daemon's as always, this only shows them and stops them in the end.
 * What is shown comes from files (logs, journal, snapshot), so it goes on when the daemon is replaced.
 */
import { basename } from 'node:path';
import colors from 'picocolors';
import type { ResolvedConfig } from '../../contract/config.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { Outcome } from '../../contract/protocol.ts';
import { withRequired } from '../../contract/required.ts';
import { selectServices } from '../../contract/select.ts';
import { watchFolder } from '../../logs/watch-folder.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { type Asked, ask, type Done, ensureDaemon } from '../client.ts';
import { followJournal } from '../journal/follow.ts';
import { lineRenderer } from '../logs/render.ts';
import { followLogs } from './merged-logs.ts';
import { observe } from './observed.ts';
import type { Output } from './output.ts';
import type { StopRequests } from './stop-requests.ts';
import { createStory } from './story.ts';

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
  const paths = workspacePaths(root);
  const services = withRequired(selectServices(world.names, config.services), config.services);
  const colours = colors.createColors(world.colour);
  const render = lineRenderer({ ...world, json: false, services });
  const urls = new Map(
    config.services.filter(({ name }) => services.includes(name)).map(({ name, url }) => [name, url]),
  );
  const story = createStory(urls, colours);
  const say = (text: string) => output.write(`${colours.dim(text)}\n`);
  const tell = (told: { service: string; text: string } | null) => {
    if (told !== null) output.write(render({ ...told, run: null, time: Date.now() }));
  };

  const running = (observe(paths.snapshot, services)?.alive ?? []).filter(() => true);
  if (running.length > 0) say(`${running.join(', ')} ran already: shown from here on, and stopped in the end as well.`);
  const undoLogs = followLogs({ root, logDir: config.logDir }, services, new Set(running), (lines) =>
    output.write(lines.map(render).join('')),
  );
  const journal = followJournal(paths.journal, (entries) => {
    for (const entry of entries) tell(story.tell(entry));
  });

  let accepted = false;
  let stoppedElsewhere = () => {};
  const elsewhere = new Promise<void>((resolve) => {
    stoppedElsewhere = resolve;
  });
  const look = () => {
    journal.look();
    if (accepted && observe(paths.snapshot, services)?.allStopped === true) stoppedElsewhere();
  };
  const watched = new Set([basename(paths.journal), basename(paths.snapshot)]);
  const undoWatch = watchFolder(paths.own, (name) => {
    if (name === null || watched.has(name)) look();
  });

  const start = async (): Promise<Outcome[]> => {
    const request = { method: 'start', by: '"upkeep up"', names: world.names, config, wait: true } as const;
    return send(root, request, (progress) => {
      accepted = true;
      tell(story.tellWaiting(progress));
    });
  };
  const begun = start().then((outcomes) => {
    accepted = true;
    journal.look();
    if (stops.count === 0) say(summary(outcomes));
    look();
    return outcomes;
  });

  try {
    // A start that cannot even be asked for ends all of it.
    const failing = begun.then(() => new Promise<never>(() => {}));
    await Promise.race([stops.first, elsewhere, failing]);
    if (stops.count > 0) await stop(root, services, stops, say);
    else say('All of them were stopped by another command.');
    return exitCode(await begun, stops.count > 0);
  } finally {
    undoWatch();
    undoLogs();
    journal.look();
  }
}

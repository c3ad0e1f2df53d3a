/** Finding out when a run is ready. Asks only while a run starts; each check ends with its run. */
import { spawn } from 'node:child_process';
import { readServiceEnv } from '../config/env.ts';
import type { ResolvedService } from '../contract/config.ts';
import { duration } from '../contract/duration.ts';
import { mask } from '../contract/mask.ts';
import { plain } from '../logs/query.ts';
import type { Family } from '../platform/listen-table.ts';
import { type Dial, get } from './http-get.ts';
import type { IsOurs, PortProbe } from './port-probe.ts';

export interface ReadinessWorld {
  ports: PortProbe;
  isOurs: IsOurs;
  /** A port was found listened on by the service, under this address family. */
  onListening(port: number, family: Family): void;
  /** Gives what the run prints from now on; returns the undo. */
  onText(listener: (text: string) => void): () => void;
  env: NodeJS.ProcessEnv;
  /** How this very run is asked on a port of the service, once it listens there; null: as anybody would. */
  dial?(port: number): Dial | null;
  /** The port at whose gate the run will wait, so that a command reaches an older one until it does; null: none. */
  gatedPort?: number | null;
}

/** A command without a port or other sign is taken for ready once it has lived this long, in ms. */
const STARTED_MS = 500;
/** A matched line may be long; more than this of an unfinished one is not looked at. */
const LONGEST_LINE = 64 * 1024;

/** Calls `onReady` once, when the check first passes. `onDetail` says what is waited for. Returns the undo. */
export function watchReadiness(
  service: ResolvedService,
  world: ReadinessWorld,
  onReady: () => void,
  onDetail: (detail: string) => void,
): () => void {
  const { ready } = service;
  switch (ready.kind) {
    case 'started':
      return after(STARTED_MS, onReady);
    case 'delay':
      onDetail(`ready after ${duration(ready.ms)}`);
      return after(ready.ms, onReady);
    case 'port':
      onDetail(`port ${ready.port} not yet listened on`);
      return whenListening(ready.port, world, onReady);
    case 'http':
      return whenAnswering(ready.url, ready.status, service, world, onReady, onDetail);
    case 'log':
      onDetail(`no line yet like ${ready.pattern}`);
      return whenPrinted(new RegExp(ready.pattern, ready.flags), world, onReady);
    case 'command':
      onDetail(`waiting for: ${mask(ready.command)}`);
      return whenSucceeding(ready.command, ready.interval, service, world, onReady);
  }
}

function whenListening(port: number, world: ReadinessWorld, act: () => void): () => void {
  return world.ports.wait(port, world.isOurs, (family) => {
    world.onListening(port, family);
    act();
  });
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Asks again after each failed answer, sooner at first. Of several answers to one question the first counts. */
function untilTrue(
  ask: (answer: (yes: boolean) => void) => () => void,
  delay: (count: number) => number,
  onReady: () => void,
): () => void {
  let undo = () => {};
  let over = false;
  const round = (count: number) => {
    let answered = false;
    undo = ask((yes) => {
      if (over || answered) return;
      answered = true;
      over = yes;
      if (yes) onReady();
      else undo = after(delay(count), () => round(count + 1));
    });
  };
  round(0);
  return () => {
    over = true;
    undo();
  };
}

/** When the url is on the service's own port, a process of the service has to listen there first: no stranger's answer counts. */
function whenAnswering(
  url: string,
  status: number[],
  service: ResolvedService,
  world: ReadinessWorld,
  onReady: () => void,
  onDetail: (detail: string) => void,
): () => void {
  const shown = mask(url);
  const port = Number(new URL(url).port);
  const isOwn = service.ports.includes(port);
  let undo = () => {};
  const ask = () => {
    undo = untilTrue(
      (answer) =>
        get(
          url,
          (answered) => {
            const yes =
              answered !== null &&
              (status.length === 0 ? answered >= 200 && answered < 400 : status.includes(answered));
            if (!yes)
              onDetail(
                answered === null ? `GET ${shown} has no answer yet` : `GET ${shown} answers ${answered}`,
              );
            answer(yes);
          },
          isOwn ? world.dial?.(port) : null,
        ),
      (count) => Math.min(10 * 2 ** count, 250),
      onReady,
    );
  };
  onDetail(`GET ${shown} has no answer yet`);
  if (isOwn) undo = whenListening(port, world, ask);
  else ask();
  return () => undo();
}

function whenPrinted(pattern: RegExp, world: ReadinessWorld, onReady: () => void): () => void {
  let rest = '';
  const undo = world.onText((text) => {
    const lines = (rest + text).split('\n');
    rest = (lines[lines.length - 1] ?? '').slice(-LONGEST_LINE);
    // The unfinished last line counts too: a prompt has no newline.
    // As a person reads it: in a terminal's colours no pattern would be found.
    if (!lines.some((line) => pattern.test(line) || pattern.test(plain(line)))) return;
    undo();
    onReady();
  });
  return undo;
}

/** The command sees what the service sees: PORT, its env files, its env. */
function environmentOf(service: ResolvedService): Record<string, string> {
  try {
    return readServiceEnv(service);
  } catch {
    // An env file that was there at its start is gone.
    return service.env;
  }
}

function whenSucceeding(
  command: string,
  interval: number,
  service: ResolvedService,
  world: ReadinessWorld,
  onReady: () => void,
): () => void {
  const ask = (answer: (yes: boolean) => void) => {
    const child = spawn('sh', ['-c', command], {
      cwd: service.cwd,
      env: { ...world.env, ...environmentOf(service) },
      stdio: 'ignore',
    });
    child.on('error', () => answer(false));
    child.on('exit', (code) => answer(code === 0));
    return () => child.kill('SIGKILL');
  };
  const gatedPort = world.gatedPort ?? null;
  if (gatedPort === null) return untilTrue(ask, () => interval, onReady);
  let undo = () => {};
  undo = whenListening(gatedPort, world, () => {
    undo = untilTrue(ask, () => interval, onReady);
  });
  return () => undo();
}

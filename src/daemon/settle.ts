/** Following services until each has come to something. */
import type { Outcome, Reply } from '../contract/protocol.ts';
import { liveRun, type Service } from '../supervisor/state.ts';
import { addressOf } from './address-of.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import { outcome, progressOf, type Shown } from './outcome.ts';

export type Send = (reply: Reply) => void;

const LAST_LINES = 30;
/** A run whose event loop is blocked does not say that it accepts nothing more; it does not accept either, ms. */
const HANDED_OVER_MS = 2_000;
/** What was so before is told in the same moment; later it is so again. */
const ALREADY_MS = 100;
/** Several that one edit breaks mostly fail together, ms. */
const TOGETHER_MS = 1_000;

export interface Settling {
  names: string[];
  /** Those of them for which it was so before. */
  already: string[];
  /** Null while a service is still on its way. */
  verdictOf(service: Service): { ok: boolean; message: string | null } | null;
  /**
   * Those that an edit concerns: when one of them has failed, only the others of them are still waited for, and only
   * a moment. Who is not among them is told as `unsure`. Absent: all are waited for to the end.
   */
  concerned?: ReadonlySet<string>;
}

/** Tells every change on the way; resolves to those that have come to something by its end. */
export function settle(
  { names, already, verdictOf, concerned }: Settling,
  { engine, clock }: { engine: Engine; clock: Clock },
  send: Send,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const began = clock.now();
  const outcomes = new Map<string, Outcome>();
  const told = new Map<string, string>();
  let together: NodeJS.Timeout | undefined;
  let isLate = false;
  return new Promise((resolve) => {
    const look = () => {
      for (const name of names) if (!outcomes.has(name)) lookAt(name);
      if (outcomes.size < names.length && !signal.aborted && !hasFailed()) return;
      undo();
      clearTimeout(together);
      resolve(names.map((name) => outcomes.get(name)).filter((each) => each !== undefined));
    };
    const hasFailed = () => {
      const its = names.filter((name) => concerned?.has(name));
      if (!its.some((name) => outcomes.get(name)?.ok === false)) return false;
      together ??= setTimeout(() => {
        isLate = true;
        look();
      }, TOGETHER_MS);
      return isLate || its.every((name) => outcomes.has(name));
    };
    const lookAt = (name: string) => {
      const service = engine.services.get(name);
      const elapsed = clock.now() - began;
      // Gone from the configuration, and now stopped: nothing is left to tell of it.
      if (service === undefined) return void outcomes.set(name, forgotten(name, elapsed));
      const shown = { ...shownOf(engine, service), already: already.includes(name) && elapsed < ALREADY_MS };
      const words = service.state.kind === 'backoff' ? lastWords(engine, service) : [];
      const progress = {
        ...progressOf(engine.services, service, shown, elapsed, clock.now(), words),
        ...(concerned?.has(name) === false && { unsure: true }),
      };
      const key = JSON.stringify({ ...progress, elapsed: 0, killIn: 0 });
      if (told.get(name) !== key) send({ type: 'progress', progress });
      told.set(name, key);
      const verdict = verdictOf(service);
      if (verdict === null) return;
      const lines = verdict.ok ? [] : lastWords(engine, service);
      outcomes.set(name, outcome(service, verdict, shown, elapsed, lines));
    };
    const undo = engine.onChange(look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}

/** Who asks one of them now is answered by the run that was waited for, and not by the one before it. */
export async function handedOver(outcomes: readonly Outcome[], engine: Engine): Promise<void> {
  const known = outcomes.filter(({ service }) => engine.services.has(service));
  let late: NodeJS.Timeout | undefined;
  await Promise.race([
    Promise.all(known.map(({ service }) => engine.runtime(service).handedOver())),
    new Promise<void>((resolve) => {
      late = setTimeout(resolve, HANDED_OVER_MS);
    }),
  ]);
  clearTimeout(late);
}

/** Of its run that failed last. */
function lastWords(engine: Engine, { state, spec, lastRun }: Service): string[] {
  const failed = state.kind === 'ready' ? state.failedEdit?.run : undefined;
  return engine.runtime(spec.name).lastLines(failed ?? lastRun, LAST_LINES);
}

function shownOf(engine: Engine, service: Service): Omit<Shown, 'already'> {
  const runtime = engine.runtime(service.spec.name);
  const run = liveRun(service);
  if (run === null) return { detail: '', pid: null, url: addressOf(service.spec).url };
  const record = runtime.recordOf(run);
  const { url } = record?.address ?? addressOf(service.spec);
  return { detail: runtime.detail, pid: record?.process?.pid ?? null, url };
}

function forgotten(service: string, took: number): Outcome {
  return {
    service,
    ok: true,
    state: 'stopped',
    url: null,
    pid: null,
    already: false,
    took,
    message: null,
    lastLines: [],
  };
}

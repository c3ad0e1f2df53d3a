/** A service with the defaults under it, its shorthands written out. */
import type { RestartOptions, Service, SharedOptions, WatchOptions } from '../types.ts';

export interface MergedService extends Omit<Service, 'restart' | 'watch' | 'ready' | 'envFile' | 'group'> {
  ready: ReadyParts;
  restart: RestartOptions;
  watch: WatchOptions & { enabled?: boolean };
  envFile: string[];
  group: string[];
}

export type ReadyParts = Exclude<SharedOptions['ready'], string | undefined> & {
  shorthand?: 'port' | 'started';
};

/** Objects are merged key by key; everything else is replaced by what the service says. */
export function mergeService(defaults: SharedOptions, own: Service): MergedService {
  const under = written(defaults);
  const over = written(own);
  return {
    ...under,
    ...over,
    env: { ...under.env, ...over.env },
    stop: { ...under.stop, ...written(over.stop ?? {}) },
    logs: { ...under.logs, ...written(over.logs ?? {}) },
    restart: { ...restartParts(under.restart), ...restartParts(over.restart) },
    watch: { ...watchParts(under.watch), ...watchParts(over.watch) },
    ready: mergeReady(readyParts(under.ready), readyParts(over.ready)),
    envFile: list(over.envFile ?? under.envFile),
    group: list(over.group ?? under.group),
  };
}

/** Keys that are there but undefined say nothing. */
function written<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function list(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function restartParts(value: SharedOptions['restart']): RestartOptions {
  return typeof value === 'string' ? { policy: value } : written(value ?? {});
}

function watchParts(value: SharedOptions['watch']): WatchOptions & { enabled?: boolean } {
  if (value === undefined) return {};
  if (typeof value === 'boolean') return { enabled: value };
  if (Array.isArray(value)) return { enabled: true, include: value };
  return { enabled: true, ...written(value) };
}

function readyParts(value: SharedOptions['ready']): ReadyParts {
  return typeof value === 'string' ? { shorthand: value } : written(value ?? {});
}

/** A check replaces the default's check as a whole; the timeout is kept unless it is said again. */
function mergeReady(under: ReadyParts, over: ReadyParts): ReadyParts {
  const { timeout: _, ...check } = over;
  if (Object.keys(check).length === 0) return { ...under, ...over };
  return { ...(under.timeout === undefined ? {} : { timeout: under.timeout }), ...over };
}

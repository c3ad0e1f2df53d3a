/** The API over HTTP, for browsers and for tools in other processes. Needs nothing but `fetch`. */
import type { ConfigReport } from '../contract/api/config.ts';
import type { EventBatch, EventsQuery } from '../contract/api/events.ts';
import type { JournalPage, JournalQuery, RunsPage, RunsQuery } from '../contract/api/history.ts';
import type { FileConcerns, LoadsOverview, ServiceLoads } from '../contract/api/loads.ts';
import type { LogsPage, LogsQuery } from '../contract/api/logs.ts';
import type { MetricsReport, UsageQuery, UsageReport } from '../contract/api/metrics.ts';
import type { WaitReport } from '../contract/api/wait.ts';
import type { Outcome } from '../contract/protocol.ts';
import type { StatusReport } from '../contract/status.ts';
import { addressOf, type Query } from './address.ts';
import { readEvents } from './event-source.ts';

export interface HttpOptions {
  /** `http://127.0.0.1:PORT`; in a page: its own origin. */
  address?: string;
  /** For tools: what stands in `.upkeep/gateway.token`. */
  token?: string;
  /** For pages: what the one-time link left behind `#key=`; it counts together with the cookie. */
  key?: string;
  /** In place of the global one. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface CommandOptions {
  wait?: boolean;
}

export interface WaitOptions {
  services?: string[];
  /** Of the edit: absolute, or relative to the workspace. */
  files?: string[];
  timeout?: number;
}

/**
 * What was refused, or failed. `status`: of HTTP; 0: nobody answers there. `exitCode`: that of the command line, as of
 * `UserError`; null: it was not Upkeep that answered.
 */
export class HttpError extends Error {
  override name = 'HttpError';
  constructor(
    readonly status: number,
    message: string,
    /** What to do about it. */
    readonly hint: string | null = null,
    readonly exitCode: number | null = null,
  ) {
    super(message);
  }
}

/** Every function throws HttpError. */
export interface HttpConnection {
  status(): Promise<StatusReport>;
  metrics(): Promise<MetricsReport>;
  /** CPU and memory of one service over the day, as far as somebody looked. */
  usage(service: string, query?: UsageQuery): Promise<UsageReport>;
  config(): Promise<ConfigReport>;
  journal(query?: JournalQuery): Promise<JournalPage>;
  runs(service: string, query?: RunsQuery): Promise<RunsPage>;
  logs(query?: LogsQuery): Promise<LogsPage>;
  loads(): Promise<LoadsOverview>;
  serviceLoads(service: string): Promise<ServiceLoads>;
  concerns(file: string): Promise<FileConcerns>;
  start(names?: string[], options?: CommandOptions): Promise<Outcome[]>;
  stop(names?: string[], options?: CommandOptions): Promise<Outcome[]>;
  restart(names?: string[], options?: CommandOptions & { hard?: boolean }): Promise<Outcome[]>;
  /** Waits until services run what is on disk, or have failed at it: for as long as it takes, if there is no `timeout` (ms). */
  wait(request?: WaitOptions, signal?: AbortSignal): Promise<WaitReport>;
  /**
   * Follows what happens until the signal is aborted, and comes back by itself whenever the connection is lost:
   * nothing is missed and nothing comes twice. Throws HttpError only for what trying again does not mend.
   * `onState`: whether it is connected now.
   */
  events(
    query?: EventsQuery,
    signal?: AbortSignal,
    onState?: (state: 'connected' | 'lost') => void,
  ): AsyncIterable<EventBatch>;
}

/** ms: `fetch` of Node gives up on an answer that does not begin within five minutes. */
const LONGEST_REQUEST = 240_000;

export function connectHttp({
  address = '',
  token,
  key,
  fetch = globalFetch,
}: HttpOptions = {}): HttpConnection {
  const send = sender(fetch);
  const headers: Record<string, string> = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(key !== undefined && { 'x-upkeep-key': key }),
  };
  const get = async <Answer>(path: string, query: Query = {}): Promise<Answer> => {
    const response = await send(addressOf(`${address}${path}`, query), { headers });
    return (await response.json()) as Answer;
  };
  const post = async <Answer>(name: string, body: Query, signal?: AbortSignal): Promise<Answer> => {
    const response = await send(`${address}/api/${name}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal !== undefined && { signal }),
    });
    return (await response.json()) as Answer;
  };
  const command = async (name: string, body: Query): Promise<Outcome[]> =>
    (await post<{ outcomes: Outcome[] }>(name, body)).outcomes;
  const of = (service: string) => `/api/services/${encodeURIComponent(service)}`;
  return {
    status: () => get('/api/status'),
    metrics: () => get('/api/metrics'),
    usage: (service, query) => get(`${of(service)}/usage`, query),
    config: () => get('/api/config'),
    journal: (query) => get('/api/journal', query),
    runs: (service, query) => get(`${of(service)}/runs`, query),
    logs: (query) => get('/api/logs', query),
    loads: () => get('/api/loads'),
    serviceLoads: (service) => get(`${of(service)}/loads`),
    concerns: (file) => get('/api/concerns', { file }),
    start: (names = [], options) => command('start', { names, ...options }),
    stop: (names = [], options) => command('stop', { names, ...options }),
    restart: (names = [], options) => command('restart', { names, ...options }),
    wait: async ({ timeout = Number.POSITIVE_INFINITY, ...what } = {}, signal) => {
      for (const began = Date.now(); ; ) {
        const left = timeout - (Date.now() - began);
        const report = await post<WaitReport>(
          'wait',
          { ...what, timeout: Math.max(1, Math.ceil(Math.min(left, LONGEST_REQUEST))) },
          signal,
        );
        const took = Date.now() - began;
        if (report.outcome !== 'timeout' || took >= timeout) return { ...report, took };
      }
    },
    events: ({ cursor, ...query } = {}, signal, onState = () => {}) => {
      const open = (from: string | undefined) =>
        send(addressOf(`${address}/api/events`, { ...query, cursor: from }), {
          headers,
          ...(signal !== undefined && { signal }),
        });
      return readEvents(open, cursor, signal, onState);
    },
  };
}

const globalFetch = (url: string, init: RequestInit) => globalThis.fetch(url, init);

/** Throws HttpError unless the answer is a good one. */
function sender(fetch: NonNullable<HttpOptions['fetch']>) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, { credentials: 'same-origin', ...init }).catch((error: unknown) => {
      throw new HttpError(
        0,
        `Nobody answers at ${url.split('?')[0]}: ${String(error)}`,
        'Run "upkeep open".',
      );
    });
    if (response.ok) return response;
    const { error } = ((await response.json().catch(() => null)) ?? {}) as {
      error?: { message: string; hint: string | null; code: number };
    };
    const message = error?.message ?? `HTTP ${response.status}`;
    throw new HttpError(response.status, message, error?.hint ?? null, error?.code ?? null);
  };
}

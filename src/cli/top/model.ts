/** What the terminal UI knows and shows, what can happen to it, and what it wants done. Data only. */
import type { LogsPage } from '../../contract/api/logs.ts';
import type { MetricsSample } from '../../contract/api/metrics.ts';
import type { ServiceStatus, StatusReport } from '../../contract/status.ts';
import { EMPTY_WINDOW, type LogWindow } from './log-window.ts';

export interface Size {
  columns: number;
  rows: number;
}

/** What stands right of the services. */
export type Pane =
  | { kind: 'log' }
  /** Text about a service: its story, or what it loaded. `lines`: null until it is there; `top`: the first one shown. */
  | { kind: 'text'; about: 'why' | 'loads'; service: string; lines: string[] | null; top: number }
  | { kind: 'help'; top: number };

/** A line that is being typed. */
export interface Prompt {
  kind: 'filter' | 'find';
  text: string;
  /** What stood there before: Esc brings it back. */
  before: string;
}

export interface Note {
  text: string;
  tone: 'good' | 'bad' | 'plain';
  /** What a service has done by itself, and when, as `14:02:11`. */
  news?: { service: string; time: string };
}

export interface Model {
  size: Size;
  workspace: string;
  report: StatusReport | null;
  metrics: MetricsSample | null;
  /** The service that keys concern. */
  selected: string | null;
  marked: ReadonlySet<string>;
  filter: string;
  sought: string;
  prompt: Prompt | null;
  /** A question that y answers with yes: then this is done. */
  question: { text: string; effect: Effect } | null;
  pane: Pane;
  /** Null: the logs of all services, merged. */
  logOf: string | null;
  log: LogWindow;
  /** Counts what was asked about the log: answers to older questions are left aside. */
  asked: number;
  /** Counts searches, and what gave one up: what an earlier one finds is left aside. */
  searches: number;
  /** Index of the line that was found last. */
  match: number | null;
  /** Whether more of the log has been asked for. */
  loading: boolean;
  times: boolean;
  wrapped: boolean;
  /** The log has the whole width. */
  wide: boolean;
  note: Note | null;
  /** Why the daemon's state cannot be read. */
  trouble: string | null;
}

export type Message =
  | { type: 'key'; key: Key }
  | { type: 'resize'; size: Size }
  | { type: 'status'; report: StatusReport }
  | {
      type: 'status-change';
      daemon: StatusReport['daemon'];
      notes: string[];
      changed: ServiceStatus[];
      removed: string[];
    }
  | { type: 'metrics'; sample: MetricsSample }
  | { type: 'trouble'; text: string }
  | { type: 'note'; note: Note }
  | { type: 'page'; asked: number; place: 'end' | 'start' | 'above' | 'below'; page: LogsPage }
  | { type: 'lines'; asked: number; lines: LogsPage['lines']; cursor: string }
  | { type: 'page-failed'; asked: number; text: string | null }
  /** The stream has left something out, or what it led to is gone. */
  | { type: 'gap'; asked: number }
  | {
      type: 'found';
      asked: number;
      search: number;
      above: LogsPage;
      below: LogsPage;
      match: 'above' | 'below';
    }
  | { type: 'not-found'; asked: number; search: number }
  | { type: 'text'; about: 'why' | 'loads'; service: string; lines: string[] };

export type Effect =
  | { do: 'page'; asked: number; service: string | null; place: 'end' | 'start' }
  | { do: 'page'; asked: number; service: string | null; place: 'above' | 'below'; cursor: string }
  | { do: 'follow'; asked: number; service: string | null; cursor: string }
  | { do: 'unfollow' }
  /** The next line above (-1) or below the cursor that holds this. */
  | {
      do: 'find';
      asked: number;
      search: number;
      service: string | null;
      sought: string;
      cursor: string | null;
      direction: -1 | 1;
    }
  | { do: 'command'; verb: 'start' | 'stop' | 'restart'; hard: boolean; names: string[] }
  | { do: 'text'; about: 'why' | 'loads'; service: string }
  | { do: 'open'; url: string }
  | { do: 'suspend' }
  | { do: 'quit' };

/** As Node's readline tells it, but for the name of a plain character: that is the character. */
export interface Key {
  name: string;
  ctrl: boolean;
}

export interface Step {
  model: Model;
  effects: Effect[];
}

export function initialModel(workspace: string, size: Size): Model {
  return {
    size,
    workspace,
    report: null,
    metrics: null,
    selected: null,
    marked: new Set(),
    filter: '',
    sought: '',
    prompt: null,
    question: null,
    pane: { kind: 'log' },
    logOf: null,
    log: EMPTY_WINDOW,
    asked: 0,
    searches: 0,
    match: null,
    loading: false,
    times: false,
    wrapped: true,
    wide: false,
    note: null,
    trouble: null,
  };
}

/** The services that the filter leaves, in their order. */
export function shownServices({ report, filter }: Pick<Model, 'report' | 'filter'>): ServiceStatus[] {
  const sought = filter.toLowerCase();
  return (report?.services ?? []).filter(
    ({ name, groups }) =>
      name.toLowerCase().includes(sought) ||
      (sought.startsWith('@') && groups.some((group) => `@${group}`.toLowerCase().includes(sought))),
  );
}

export function selectedService({ report, selected }: Model): ServiceStatus | null {
  return report?.services.find(({ name }) => name === selected) ?? null;
}

/** Whom a command concerns: the marked ones, else the selected one; nobody whom one does not see. */
export function concerned(model: Model): string[] {
  const { report, marked, selected } = model;
  const names = (report?.services ?? []).map(({ name }) => name).filter((name) => marked.has(name));
  if (names.length > 0) return names;
  return shownServices(model).some(({ name }) => name === selected) ? [selected as string] : [];
}

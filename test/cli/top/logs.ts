/** A log that pages can be asked of, and a model that reads it. */

import { type Effect, initialModel, type Message, type Model } from '../../../src/cli/top/model.ts';
import { update } from '../../../src/cli/top/update.ts';
import type { ApiLine, LogsPage } from '../../../src/contract/api/logs.ts';
import type { ServiceStatus } from '../../../src/contract/status.ts';

export function lineOf(number: number, service = 'web'): ApiLine {
  const id = `${service}-${number}`;
  return { service, run: 1, time: number, text: `line ${number}`, level: null, message: null, id };
}

/** Cursors are numbers of lines. */
export function pageOf(lines: ApiLine[], from: number, to: number): LogsPage {
  const start = Math.max(0, from);
  return {
    lines: lines.slice(start, to),
    older: start === 0 ? null : String(start),
    newer: String(Math.min(to, lines.length)),
    more: to < lines.length,
    unfinished: false,
    reset: false,
  };
}

export function statusOf(name: string, facts: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    name,
    state: 'ready',
    wanted: 'up',
    ready: true,
    pid: 7,
    ports: [],
    url: null,
    run: 1,
    startedAt: '2026-11-28T12:00:00.000Z',
    restarts: 0,
    cpu: null,
    memory: null,
    cause: { kind: 'start', by: 'cli' },
    exit: null,
    groups: [],
    description: '',
    reason: null,
    waitingFor: [],
    retryAt: null,
    configChanged: false,
    mode: 'swap',
    modeReason: null,
    unheld: null,
    editFailed: null,
    successor: null,
    draining: [],
    watching: { kind: 'exact' },
    notes: [],
    ...facts,
  };
}

/** The terminal UI without a terminal: messages go in, effects are kept. */
export class Ui {
  model: Model;
  effects: Effect[] = [];

  constructor(services: ServiceStatus[], columns = 80, rows = 24) {
    this.model = initialModel('/home/ada/shop', { columns, rows });
    const daemon = { pid: 1, version: '0.1.0', startedAt: '2026-11-28T12:00:00.000Z' };
    this.tell({ type: 'status', report: { workspace: '/home/ada/shop', daemon, services, notes: [] } });
  }

  tell(message: Message): Effect[] {
    const step = update(this.model, message);
    this.model = step.model;
    this.effects.push(...step.effects);
    return step.effects;
  }

  /** `^c` is Ctrl-C. */
  press(...keys: string[]): Effect[] {
    return keys.flatMap((key) => {
      const ctrl = key.length === 2 && key.startsWith('^');
      return this.tell({ type: 'key', key: { name: ctrl ? key.slice(1) : key, ctrl } });
    });
  }

  type(text: string): void {
    this.press(...text);
  }
}

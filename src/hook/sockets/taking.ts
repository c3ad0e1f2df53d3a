/** An app's server takes a held socket, behind a gate, and can be drained. Compiled at the first bind. */
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { APPROVED_FILE, GATE_ALONE_MS, parseSockets } from '../../contract/sockets.ts';
import type { Early } from '../early.ts';
import type { Report } from '../report.ts';
import { Binder } from './binder.ts';
import { Control } from './control.ts';
import type { Drain, Drained } from './drain.ts';
import { Gate } from './gate.ts';
import { HeldSockets } from './held.ts';
import type { Listener } from './listener.ts';
import type { TcpBinding } from './natives.ts';
import { handOver } from './private.ts';
import { tlsSocketOver, watchTls } from './secure.ts';
import { sessionOver, watchSessions } from './sessions.ts';
import { Soon } from './soon.ts';

/** Ports of which it is told that they are not held; more are nobody's to read. */
const MOST_UNCAPTURED = 20;

interface Cluster {
  isWorker: boolean;
  workers?: Record<string, unknown>;
}

/** What a run is told of its held sockets, as it was before the app began. */
export interface Setting {
  /** See `parseSockets`. */
  sockets: string;
  control: string | undefined;
  gate: string | undefined;
  report: string | undefined;
  /** In the main thread, which alone takes them. */
  isMain: boolean;
}

export function binderOf(tcp: TcpBinding, report: Report, setting: Setting, early: Early): Binder {
  const held = new HeldSockets(parseSockets(setting.sockets));
  return new Binder(tcp, held, new Sockets(report, setting, held, early));
}

class Sockets {
  readonly #report: Report;
  readonly #setting: Setting;
  readonly #held: HeldSockets;
  readonly #early: Early;
  readonly #listeners = new Set<Listener>();
  readonly #uncaptured = new Set<string>();
  readonly #soon: Soon;
  #gate: Gate | null = null;
  #control: Control | null = null;
  #drain: Drain | null = null;

  constructor(report: Report, setting: Setting, held: HeldSockets, early: Early) {
    this.#report = report;
    this.#setting = setting;
    this.#held = held;
    this.#early = early;
    this.#soon = new Soon(early);
  }

  refusal(): string | null {
    if (!this.#setting.isMain) return 'worker thread';
    // `net` has loaded it before it binds.
    const { isWorker, workers } = require('node:cluster') as Cluster;
    return isWorker || Object.keys(workers ?? {}).length > 0 ? 'cluster' : null;
  }

  uncaptured(port: number, why: string): void {
    const key = `${port} ${why}`;
    if (this.#uncaptured.size >= MOST_UNCAPTURED || this.#uncaptured.has(key)) return;
    this.#uncaptured.add(key);
    this.#report.socket((at, pid) => ['uncaptured', at, pid, port, why]);
  }

  connects(port: number): void {
    this.#soon.now(port);
  }

  listens(listener: Listener, accept: () => number): void {
    const gate = this.#prepare();
    const { name, port } = listener.socket;
    const begin = () => {
      const error = accept();
      if (error === 0) this.#report.socket((at, pid) => ['attached', at, pid, name]);
      else this.uncaptured(port, errorName(error));
      return error;
    };
    this.#listeners.add(listener);
    const leave = gate.isOpen ? this.#soon.add(port, begin) : gate.wait(begin);
    if (!gate.isOpen) {
      this.#tellGated(listener);
      this.#control?.hold(true);
    }
    listener.onClose = () => {
      leave();
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#control?.hold(false);
    };
    if (isSecure(listener.server)) watchTls();
    watchSessions(listener.server);
  }

  /** At the first listen. */
  #prepare(): Gate {
    if (this.#gate !== null) return this.#gate;
    const opened = this.#openControl();
    const isOpen = opened === null || this.#setting.gate !== 'wait' || this.#isApproved();
    this.#gate = new Gate(isOpen, GATE_ALONE_MS, this.#early);
    if (opened !== null) {
      this.#control = opened.control;
      this.#report.socket((at, pid) => ['control', at, pid, opened.path]);
    }
    return this.#gate;
  }

  #openControl(): ReturnType<typeof Control.open> {
    try {
      return Control.open(this.#setting.control, {
        attach: () => this.#attach(),
        drain: (ms) => this.#drainAll(ms),
        connect: (port, socket) => this.#connect(port, socket),
        company: (isThere) => this.#gate?.company(isThere),
      });
    } catch {
      return null;
    }
  }

  /** A daemon that came to its end after it had decided. */
  #isApproved(): boolean {
    const { report = '' } = this.#setting;
    return existsSync(report.slice(0, report.lastIndexOf('/') + 1) + APPROVED_FILE);
  }

  /** Not of a server that only tried the port: those are closed as soon as they listen. */
  #tellGated(listener: Listener): void {
    this.#early.setImmediate(() => {
      if (!listener.isClosed) this.#report.socket((at, pid) => ['gated', at, pid, listener.socket.name]);
    });
  }

  #attach(): string | null {
    const error = this.#gate?.open() ?? 0;
    if (this.#drain === null && error === 0) this.#control?.hold(false);
    return error === 0 ? null : errorName(error);
  }

  #drainAll(ms: number): Promise<Drained> {
    if (this.#drain === null) {
      this.#gate?.end();
      for (const listener of this.#listeners) listener.drain();
      for (const kept of this.#held.kept()) {
        kept.handle.close();
        for (const client of kept.takeWaiting()) client.close();
      }
      // An app that has nothing else to do goes when it is told to, not by itself.
      if (this.#listeners.size > 0) this.#control?.hold(true);
      const servers = Array.from(this.#listeners, (listener) => listener.server).filter(
        (one) => one !== null,
      );
      const { Drain } = require('./drain.ts') as typeof import('./drain.ts');
      this.#drain = new Drain(new Set(servers), { sessionOver, tlsSocketOver }, this.#early);
    }
    return this.#drain.finish(ms);
  }

  #connect(port: number, socket: Socket): boolean {
    for (const { socket: held, server } of this.#listeners) {
      if (held.port !== port || server === null) continue;
      handOver(socket, server, held.address, port);
      return true;
    }
    return false;
  }
}

/** A tls.Server, which those of https and http2 are. */
function isSecure(server: object | null): boolean {
  return server !== null && 'setSecureContext' in server;
}

/** Of a negative errno. `node:util` takes 0.5 ms. */
function errorName(error: number): string {
  const { getSystemErrorName } = require('node:util') as typeof import('node:util');
  return getSystemErrorName(error);
}

/** The hook's part in seamless restarts: an app's server takes a held socket, behind a gate, and can be drained. */
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { APPROVED_FILE, GATE_ALONE_MS, parseSockets } from '../../contract/sockets.ts';
import type { Report } from '../report.ts';
import { captureListens } from './capture.ts';
import { Control } from './control.ts';
import { Drain } from './drain.ts';
import { Gate } from './gate.ts';
import { HeldSockets } from './held.ts';
import type { Listener } from './listener.ts';
import { tcpBinding } from './natives.ts';
import { handOver } from './private.ts';
import { watchTls } from './secure.ts';
import { watchSessions } from './sessions.ts';
import { Soon } from './soon.ts';

/** Ports of which it is told that they are not held; more are nobody's to read. */
const MOST_UNCAPTURED = 20;

interface Cluster {
  isWorker: boolean;
  workers?: Record<string, unknown>;
}

/** Nothing is done where no sockets are held. `isMain`: in the main thread, which alone takes them. */
export function installSockets(report: Report, env: NodeJS.ProcessEnv, isMain: boolean): void {
  const text = env['UPKEEP_SOCKETS'];
  const tcp = text === undefined || text === '' ? null : tcpBinding();
  if (text === undefined || tcp === null) return;
  const held = new HeldSockets(parseSockets(text));
  const sockets = new Sockets(report, env, held, isMain);
  captureListens(tcp, held, sockets);
}

class Sockets {
  readonly #report: Report;
  readonly #env: NodeJS.ProcessEnv;
  readonly #held: HeldSockets;
  readonly #isMain: boolean;
  readonly #listeners = new Set<Listener>();
  readonly #uncaptured = new Set<string>();
  readonly #soon = new Soon();
  #gate: Gate | null = null;
  #control: Control | null = null;
  #drain: Drain | null = null;

  constructor(report: Report, env: NodeJS.ProcessEnv, held: HeldSockets, isMain: boolean) {
    this.#report = report;
    // A copy: apps change theirs.
    this.#env = { ...env };
    this.#held = held;
    this.#isMain = isMain;
  }

  refusal(): string | null {
    if (!this.#isMain) return 'worker thread';
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
      else this.uncaptured(port, getSystemErrorName(error));
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
    const isOpen = opened === null || this.#env['UPKEEP_GATE'] !== 'wait' || this.#isApproved();
    this.#gate = new Gate(isOpen, GATE_ALONE_MS);
    if (opened !== null) {
      this.#control = opened.control;
      this.#report.socket((at, pid) => ['control', at, pid, opened.path]);
    }
    return this.#gate;
  }

  #openControl(): ReturnType<typeof Control.open> {
    try {
      return Control.open(this.#env['UPKEEP_CONTROL'], {
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
    return existsSync(join(dirname(this.#env['UPKEEP_REPORT'] ?? ''), APPROVED_FILE));
  }

  /** Not of a server that only tried the port: those are closed as soon as they listen. */
  #tellGated(listener: Listener): void {
    setImmediate(() => {
      if (!listener.isClosed) this.#report.socket((at, pid) => ['gated', at, pid, listener.socket.name]);
    });
  }

  #attach(): string | null {
    const error = this.#gate?.open() ?? 0;
    if (this.#drain === null && error === 0) this.#control?.hold(false);
    return error === 0 ? null : getSystemErrorName(error);
  }

  #drainAll(ms: number): Promise<number> {
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
      this.#drain = new Drain(new Set(servers));
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

/** The test's end of the line to fake servers: who has announced itself, and what it shall do. */
import { createServer, type Server, type Socket } from 'node:net';

/** What a fake server says of itself when it connects. */
export interface Hello {
  readonly name: string;
  readonly pid: number;
  readonly ppid: number;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly node: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a descendant is spawned; see `spawnDescendant` in fake-server.mjs. */
export type SpawnHow = 'plain' | 'setsid' | 'double-fork' | 'clean' | 'clean-double-fork';

/** What a fake server obeys; see `obey` in fake-server.mjs for the meaning of each. */
export type FakeCommand =
  | {
      do: 'print';
      stream?: 'stdout' | 'stderr';
      text?: string;
      prefix?: string;
      from?: number;
      lines?: number;
      exit?: number;
      sync?: boolean;
    }
  | { do: 'chatter'; stream?: 'stdout' | 'stderr'; prefix?: string; lines: number; exit?: number }
  | { do: 'listen'; port: number; host?: string; crash?: boolean; banner?: boolean }
  | { do: 'close'; port: number }
  | { do: 'answer'; status?: number; body?: string; delay?: number }
  | { do: 'exit'; code?: number }
  | { do: 'kill'; signal: NodeJS.Signals }
  | { do: 'onSignal'; signal?: NodeJS.Signals; code?: number | null; delay?: number; say?: string }
  | { do: 'throw'; message?: string }
  | { do: 'hang'; ms: number }
  | { do: 'write'; file: string; text: string; rename?: boolean }
  | {
      do: 'spawn';
      as: string;
      how?: SpawnHow;
      commands?: readonly FakeCommand[];
      stdio?: 'ignore' | 'inherit';
    }
  | { do: 'ping' };

interface Pending {
  resolve(value: Record<string, unknown>): void;
  reject(error: Error): void;
}

/** One process life of a fake server. */
export class Invocation {
  /** Resolves when the connection has closed, which is when the process has ended. */
  readonly gone: Promise<void>;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private open = true;

  constructor(
    readonly hello: Hello,
    private readonly socket: Socket,
  ) {
    this.gone = new Promise((resolve) => {
      socket.once('close', () => {
        this.open = false;
        for (const waiting of this.pending.values()) waiting.reject(this.lost());
        this.pending.clear();
        resolve();
      });
    });
  }

  get pid(): number {
    return this.hello.pid;
  }

  get isConnected(): boolean {
    return this.open;
  }

  /** Resolves when it has been carried out; rejects when the server refuses or ends first. */
  async do(command: FakeCommand): Promise<Record<string, unknown>> {
    if (!this.open) throw this.lost();
    const id = this.nextId++;
    const answered = new Promise<Record<string, unknown>>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
    });
    this.socket.write(`${JSON.stringify({ ...command, id })}\n`);
    return await answered;
  }

  /** A command that ends the process: resolves when it is gone. */
  async end(command: FakeCommand): Promise<void> {
    this.do(command).catch(() => {});
    await this.gone;
  }

  listen(port: number): Promise<Record<string, unknown>> {
    return this.do({ do: 'listen', port });
  }

  /** Prints `lines` numbered lines "PREFIX 1"… to stdout. */
  print(lines: number, prefix = 'line'): Promise<Record<string, unknown>> {
    return this.do({ do: 'print', lines, prefix });
  }

  exit(code = 0): Promise<void> {
    return this.end({ do: 'exit', code });
  }

  kill(signal: NodeJS.Signals): Promise<void> {
    return this.end({ do: 'kill', signal });
  }

  ignore(signal: NodeJS.Signals = 'SIGTERM'): Promise<Record<string, unknown>> {
    return this.do({ do: 'onSignal', signal, code: null });
  }

  /** A line that came from the process. */
  answer(message: { id: number; ok?: Record<string, unknown>; error?: string }): void {
    const waiting = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.ok ?? {});
    else waiting?.reject(new Error(`${this.hello.name} (pid ${this.pid}): ${message.error}`));
  }

  private lost(): Error {
    return new Error(`the fake server ${this.hello.name} (pid ${this.pid}) has ended`);
  }
}

/** Collects the fake servers that announce themselves, and hands each of them out once. */
export class Switchboard {
  /** Every one so far, in order of arrival. */
  readonly all: Invocation[] = [];
  private readonly unclaimed: Invocation[] = [];
  private readonly waiting: { name: string; take(invocation: Invocation): void }[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.accept(socket));

  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(path, resolve);
    });
  }

  /** Breaks every connection; the fake servers come back by themselves. */
  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** The oldest one of that name that nobody has asked for yet; `undo` gives up waiting. */
  next(name: string): { arrived: Promise<Invocation>; undo: () => void } {
    const index = this.unclaimed.findIndex((one) => one.hello.name === name);
    const [found] = index < 0 ? [] : this.unclaimed.splice(index, 1);
    if (found) return { arrived: Promise.resolve(found), undo: () => {} };
    let undo = (): void => {};
    const arrived = new Promise<Invocation>((resolve) => {
      const entry = { name, take: resolve };
      this.waiting.push(entry);
      undo = () => {
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.waiting.splice(at, 1);
      };
    });
    return { arrived, undo };
  }

  private accept(socket: Socket): void {
    let rest = '';
    let invocation: Invocation | null = null;
    this.sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const message = JSON.parse(line);
        if (invocation) invocation.answer(message);
        else {
          invocation = new Invocation(message.hello, socket);
          this.admit(invocation);
        }
      }
    });
  }

  private admit(invocation: Invocation): void {
    this.all.push(invocation);
    const index = this.waiting.findIndex((one) => one.name === invocation.hello.name);
    const [waiting] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (waiting) waiting.take(invocation);
    else this.unclaimed.push(invocation);
  }
}

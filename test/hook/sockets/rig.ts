/** Programs that inherit held sockets as from the shim, their reports, and the other side of their control socket. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import {
  FIRST_SOCKET_FD,
  formatSockets,
  type GateSetting,
  HELD_ADDRESSES,
  type HeldSocket,
  SOCKET_COPIES,
} from '../../../src/contract/sockets.ts';
import { nodeHookEnvironment } from '../../../src/hook/environment.ts';
import { parseReportLine } from '../../../src/loads/report-line.ts';
import { bounded, eventually } from '../../rig/eventually.ts';
import { claimPort } from '../../rig/ports.ts';
import { HookRig, type Node } from '../rig.ts';

interface BoundHandle {
  fd: number;
  close(): void;
  getsockname(out: { port?: number }): number;
}

const { _createServerHandle: bind } = net as unknown as {
  _createServerHandle(host: string, port: number, family: 4 | 6): BoundHandle | number;
};

export interface StartOptions {
  gate?: GateSetting;
  env?: Record<string, string>;
  /** False: as without Upkeep. */
  hooked?: boolean;
  /** False: the descriptors stay here. */
  inherits?: boolean;
  approved?: boolean;
  /** The path of the control socket is another's, which a look does not show. */
  taken?: boolean;
}

export class SocketsRig {
  readonly hooks = new HookRig();
  readonly #ends: (() => unknown)[] = [];
  #runs = 0;

  async build(): Promise<this> {
    await this.hooks.build();
    return this;
  }

  /** A free port that nobody has bound. */
  async port(): Promise<number> {
    const claim = await claimPort();
    this.#ends.push(() => claim.release());
    return claim.port;
  }

  /** Binds a free port's addresses, as the daemon does. */
  async hold(count = 1): Promise<Held> {
    const handles: [port: number, address: (typeof HELD_ADDRESSES)[number], handle: BoundHandle][] = [];
    for (let index = 0; index < count; index++) {
      const port = await this.port();
      for (const address of HELD_ADDRESSES) {
        const handle = bind(address, port, address.includes(':') ? 6 : 4);
        if (typeof handle !== 'number') handles.push([port, address, handle]);
      }
    }
    this.#ends.push(() => {
      for (const [, , handle] of handles) handle.close();
    });
    const sockets = handles.map(([port, address], index) => ({
      port,
      address,
      fds: Array.from(
        { length: SOCKET_COPIES },
        (_, copy) => FIRST_SOCKET_FD + index + copy * handles.length,
      ),
    }));
    const copies = Array.from({ length: SOCKET_COPIES }, () => handles.map(([, , { fd }]) => fd)).flat();
    return {
      port: sockets[0]?.port as number,
      ports: [...new Set(sockets.map(({ port }) => port))],
      sockets,
      copies,
    };
  }

  /** `argv`: a program and its arguments; `node` is this Node. */
  start(node: Node, held: Held, folder: string, argv: string[], options: StartOptions = {}): Run {
    const own = join(this.hooks.folder, `run${this.#runs++}`);
    mkdirSync(own);
    const report = join(own, 'loaded');
    writeFileSync(report, '');
    if (options.approved) writeFileSync(join(own, 'approved'), '');
    if (options.taken) symlinkSync(join(own, 'nowhere'), join(own, 'c'));
    const { NODE_OPTIONS: _o, NODE_EXTRA_CA_CERTS: _c, VITEST: _v, ...clean } = process.env;
    const env = {
      ...clean,
      PATH: `${join(node.binary, '..')}:${process.env['PATH']}`,
      PORT: `${held.port}`,
      ...options.env,
      ...(options.hooked === false
        ? {}
        : {
            ...nodeHookEnvironment({}, this.hooks.hook, report),
            UPKEEP_ROOT: folder,
            UPKEEP_SOCKETS: formatSockets(held.sockets),
            UPKEEP_CONTROL: join(own, 'c'),
            UPKEEP_GATE: options.gate ?? 'open',
          }),
    };
    const closed = Array.from({ length: FIRST_SOCKET_FD - 3 }, () => 'ignore' as const);
    const inherited =
      options.hooked === false || options.inherits === false ? [] : [...closed, ...held.copies];
    const [program = '', ...args] = argv.map((word) => (word === 'node' ? node.binary : word));
    const child = spawn(program, args, {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...inherited],
    });
    const run = new Run(child, own, held.port);
    this.#ends.push(() => run.kill());
    return run;
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    this.hooks.end();
  }
}

export interface Held {
  /** The first of them. */
  port: number;
  ports: number[];
  sockets: HeldSocket[];
  copies: number[];
}

export class Run {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly port: number;
  readonly ended: Promise<number | NodeJS.Signals>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess, folder: string, port: number) {
    this.child = child;
    this.folder = folder;
    this.port = port;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal ?? 0));
    });
  }

  get lines() {
    return readFileSync(join(this.folder, 'loaded'), 'utf8')
      .split('\n')
      .flatMap((text) => {
        const line = parseReportLine(text);
        return line === null ? [] : [line];
      });
  }

  /** `gated 3000/::`, `uncaptured 3000 reusePort`: what was reported of sockets, the port written as PORT. */
  get said(): string[] {
    return this.lines.flatMap(([kind, , , ...rest]) =>
      ['gated', 'attached', 'uncaptured'].includes(kind)
        ? [`${kind} ${rest.join(' ')}`.replace(`${this.port}`, 'PORT')]
        : [],
    );
  }

  async says(what: string): Promise<this> {
    await eventually(
      () => this.said.includes(what),
      `${what}, of ${this.said}\n${this.stdout}${this.stderr}`,
    );
    return this;
  }

  /** On its standard output. */
  async prints(text: string): Promise<this> {
    await eventually(() => this.stdout.includes(text), `"${text}" in\n${this.stdout}${this.stderr}`);
    return this;
  }

  get controls(): string[] {
    return this.lines.flatMap((line) => (line[0] === 'control' ? [line[3]] : []));
  }

  /** Everything that is answered to this line. */
  async tell(line: string, path = this.controls[0]): Promise<string> {
    const socket = net.connect(path as string).setEncoding('utf8');
    let answer = '';
    socket.on('data', (text) => {
      answer += text;
    });
    socket.write(`${line}\n`);
    await bounded(
      new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject)),
      `an answer to ${line}`,
    );
    return answer;
  }

  /** A private connection to its server. */
  open(port = this.port): net.Socket {
    const socket = net.connect(this.controls[0] as string);
    socket.write(`open ${port}\n`);
    return socket;
  }

  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.child.pid as number), signal);
    } catch {
      // It has ended.
    }
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}

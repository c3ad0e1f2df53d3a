/** The control socket of this process. Its protocol stands in contract/sockets.ts. */
import { chmodSync, existsSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { MAX_CONTROL_PATH_BYTES } from '../../contract/sockets.ts';
import type { Drained } from './drain.ts';
import { readLine } from './line.ts';

export interface Commands {
  /** Null, or the code of an error. */
  attach(): string | null;
  /** Nothing is accepted any more when it returns. */
  drain(ms: number): Promise<Drained>;
  /** Makes the socket a client of the server on this port. False: there is none. */
  connect(port: number, socket: Socket): boolean;
  /** Whether anybody is connected. */
  company(isThere: boolean): void;
}

export class Control {
  readonly #server: Server;
  readonly #commands: Commands;
  #connected = 0;

  private constructor(server: Server, commands: Commands) {
    this.#server = server;
    this.#commands = commands;
    server.on('connection', (socket) => this.#welcome(socket));
    server.on('error', () => {});
  }

  /** Null where it cannot be made. `wanted`: taken already, the path gets the pid. It does not keep the process. */
  static open(wanted: string | undefined, commands: Commands): { control: Control; path: string } | null {
    if (wanted === undefined || !wanted.startsWith('/')) return null;
    if (Buffer.byteLength(wanted) > MAX_CONTROL_PATH_BYTES) return null;
    const own = `${wanted}.${process.pid}`;
    // Another process of the run may take it between the look and the bind.
    return (existsSync(wanted) ? null : Control.#openAt(wanted, commands)) ?? Control.#openAt(own, commands);
  }

  static #openAt(path: string, commands: Commands): { control: Control; path: string } | null {
    const net = require('node:net') as typeof import('node:net');
    const server = net.createServer({ allowHalfOpen: true });
    const control = new Control(server, commands);
    // The path is bound when this returns, or never.
    server.listen(path);
    if (!server.listening) return null;
    chmodSync(path, 0o600);
    server.unref();
    return { control, path };
  }

  /** Keeps the process alive, or not. */
  hold(keeps: boolean): void {
    if (keeps) this.#server.ref();
    else this.#server.unref();
  }

  #welcome(socket: Socket): void {
    socket.unref();
    const ignore = () => {};
    const onClose = () => this.#count(-1);
    socket.on('error', ignore);
    socket.on('close', onClose);
    this.#count(1);
    readLine(socket, (line) => {
      const [, port] = /^open (\d{1,5})$/.exec(line) ?? [];
      if (port === undefined) return this.#answer(socket, line);
      socket.off('error', ignore);
      socket.off('close', onClose);
      this.#count(-1);
      this.#release(socket);
      if (!this.#commands.connect(Number(port), socket)) socket.destroy();
    });
  }

  #answer(socket: Socket, line: string): void {
    const [, ms] = /^drain (\d{1,9})$/.exec(line) ?? [];
    if (ms !== undefined) {
      const drained = this.#commands.drain(Number(ms));
      socket.write('draining\n');
      drained.then(({ left, requests }) => socket.end(`drained ${left} ${requests}\n`));
    } else if (line === 'attach') {
      const failed = this.#commands.attach();
      socket.end(failed === null ? 'attached\n' : `failed ${failed}\n`);
    } else socket.end('what?\n');
    // The other side has said all that it may.
    socket.resume();
  }

  /** As far as `net` is concerned it never was a connection of this server. */
  #release(socket: Socket): void {
    const server = this.#server as Server & { _connections: number };
    server._connections--;
    (socket as Socket & { _server: unknown })._server = null;
  }

  #count(change: 1 | -1): void {
    this.#connected += change;
    this.#commands.company(this.#connected > 0);
  }
}

/** A server that listens on a held socket. */
import type { HeldSocket } from './held.ts';
import { override, ownerOf, type SocketAddress, type TcpHandle } from './natives.ts';

/** HandleWrap's, wherever the app may have put something in its place. */
const nativeClose = (handle: TcpHandle) => Object.getPrototypeOf(handle).close as TcpHandle['close'];

export class Listener {
  readonly socket: HeldSocket;
  readonly handle: TcpHandle;
  /** Called once, when its server is closed. */
  onClose: () => void = () => {};
  #isClosed = false;
  #isDrained = false;

  /** `handle` has a descriptor of `socket`. */
  constructor(socket: HeldSocket, handle: TcpHandle) {
    this.socket = socket;
    this.handle = handle;
    socket.inUse = true;
    override(handle, 'close', (done?: () => void) => this.#close(done));
  }

  /** Its server; null for a handle that no server has. */
  get server(): object | null {
    return ownerOf(this.handle);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Accepts nothing more; to its server it listens as before. */
  drain(): void {
    if (this.#isClosed || this.#isDrained) return;
    this.#isDrained = true;
    const known: SocketAddress = {};
    this.handle.getsockname(known);
    override(this.handle, 'getsockname', (out: SocketAddress) => {
      Object.assign(out, known);
      return 0;
    });
    Reflect.apply(nativeClose(this.handle), this.handle, []);
  }

  #close(done?: () => void): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.socket.inUse = false;
      this.onClose();
      if (!this.#isDrained && this.socket.isLast) {
        this.socket.keep(this.handle);
        if (done !== undefined) setImmediate(done);
        return;
      }
    }
    Reflect.apply(nativeClose(this.handle), this.handle, done === undefined ? [] : [done]);
  }
}

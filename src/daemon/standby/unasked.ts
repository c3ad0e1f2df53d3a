/**
 * Who may have a process on standby without having asked for one: the few services that were restarted last, for a
 * while. Somebody works on these; of the others it would be memory for nothing.
 */

/** So many at once. */
const MOST = 3;
/** ms for which one waits: who has not saved for so long does something else. */
const LASTS_MS = 600_000;
/** ms after which one gives way to a newcomer. Those of one burst do not take turns. */
const YIELDS_MS = 30_000;

interface Holder {
  since: number;
  end: () => void;
  timer: NodeJS.Timeout;
}

export class Unasked {
  readonly #now: () => number;
  readonly #holders = new Map<object, Holder>();

  /** `now`: monotonic, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** False: there are enough. `end` is called when it is over, or when another one comes that is worked on now. */
  admit(who: object, end: () => void): boolean {
    this.leave(who);
    const [oldest] = this.#holders;
    if (oldest !== undefined && this.#holders.size >= MOST) {
      if (this.#now() - oldest[1].since < YIELDS_MS) return false;
      this.#end(...oldest);
    }
    const holder: Holder = {
      since: this.#now(),
      end,
      timer: setTimeout(() => this.#end(who, holder), LASTS_MS).unref(),
    };
    this.#holders.set(who, holder);
    return true;
  }

  leave(who: object): void {
    clearTimeout(this.#holders.get(who)?.timer);
    this.#holders.delete(who);
  }

  #end(who: object, { end }: Holder): void {
    this.leave(who);
    end();
  }
}

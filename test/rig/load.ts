/**
 * A steady load: clients that ask again and again, some over a new connection each time, some over one that they
 * keep. Counts what failed and remembers who answered.
 */
import { type Client, openClient, type Protocol } from './clients.ts';
import { pause } from './eventually.ts';

/** A request that got no proper answer. */
export interface Failure {
  /** epoch ms. */
  readonly at: number;
  readonly what: string;
  /** Over a connection that had served before. */
  readonly kept: boolean;
}

export interface LoadOptions {
  readonly host?: string;
  /** Clients of each kind; 2 unless given. */
  readonly clients?: number;
  /** ms between an answer and the client's next request; 5 unless given. */
  readonly rest?: number;
  /** `http` unless given. */
  readonly protocol?: Protocol;
  readonly path?: string;
  /** What of a body tells who answered; all of it unless given. */
  readonly read?: (body: string) => string;
}

export class Load {
  asked = 0;
  readonly failures: Failure[] = [];
  /** How often each body was answered, in order of its first time. */
  readonly answers = new Map<string, number>();
  /** The newest body. */
  last = '';
  readonly #options: LoadOptions;
  readonly #clients: Client[];
  readonly #done: Promise<void>[];
  #over = false;

  constructor(port: number, options: LoadOptions = {}) {
    this.#options = options;
    const { clients = 2, host = '127.0.0.1', path = '/', protocol = 'http' } = options;
    this.#clients = Array.from({ length: clients * 2 }, (_, index) =>
      openClient(protocol, { host, port, path, keepAlive: index % 2 === 0 }),
    );
    this.#done = this.#clients.map((client) => this.#askAgain(client));
  }

  /** Resolves when all that was asked is answered or has failed. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#done);
    for (const client of this.#clients) client.close();
  }

  async #askAgain(client: Client): Promise<void> {
    while (!this.#over) {
      this.asked += 1;
      const answer = await client.ask();
      if ('body' in answer) this.#answered(answer.body);
      else this.failures.push({ at: Date.now(), what: answer.failed, kept: answer.kept });
      await pause(this.#options.rest ?? 5);
    }
  }

  #answered(text: string): void {
    const body = this.#options.read?.(text) ?? text;
    this.answers.set(body, (this.answers.get(body) ?? 0) + 1);
    this.last = body;
  }
}

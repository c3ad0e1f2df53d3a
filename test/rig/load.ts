/**
 * A steady load: clients that ask again and again, some over a new connection each time, some over one that they
 * keep. Counts what failed and remembers who answered.
 */
import { Agent, get } from 'node:http';
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
}

/** Longest wait for one answer, in ms: longer than any start in these tests. */
const PATIENCE = 20_000;

export class Load {
  asked = 0;
  readonly failures: Failure[] = [];
  /** How often each body was answered, in order of its first time. */
  readonly answers = new Map<string, number>();
  /** The newest body. */
  last = '';
  readonly #port: number;
  readonly #options: LoadOptions;
  readonly #agents: Agent[] = [];
  readonly #clients: Promise<void>[];
  #over = false;

  constructor(port: number, options: LoadOptions = {}) {
    this.#port = port;
    this.#options = options;
    const { clients = 2 } = options;
    this.#clients = Array.from({ length: clients * 2 }, (_, index) => this.#client(index % 2 === 0));
  }

  /** Resolves when all that was asked is answered or has failed. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#clients);
    for (const agent of this.#agents) agent.destroy();
  }

  async #client(keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    this.#agents.push(agent);
    while (!this.#over) {
      await this.#ask(agent);
      await pause(this.#options.rest ?? 5);
    }
  }

  #ask(agent: Agent): Promise<void> {
    this.asked += 1;
    return new Promise((resolve) => {
      const fail = (what: string) => {
        this.failures.push({ at: Date.now(), what, kept: request.reusedSocket });
        resolve();
      };
      const { host = '127.0.0.1' } = this.#options;
      const request = get({ port: this.#port, host, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
        response.on('end', () => {
          if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
          this.#answered(body);
          resolve();
        });
      });
      request.setTimeout(PATIENCE, () => request.destroy(new Error('no answer')));
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    });
  }

  #answered(body: string): void {
    this.answers.set(body, (this.answers.get(body) ?? 0) + 1);
    this.last = body;
  }
}

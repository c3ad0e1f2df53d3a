/** Little apps run by the Nodes that are at hand, with the hook in them, and what they reported. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodeHookEnvironment } from '../../src/hook/environment.ts';
import { hookBundle } from '../../tools/hook-bundle.mjs';
import { MAIN_NODES, nodeBinary } from '../smoke/nodes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Node {
  name: string;
  binary: string;
  /** Major and minor: 22.15 is 2215. */
  version: number;
}

/** Those that the smoke tests have fetched; without any, the one that runs the tests. */
export function nodes(): Node[] {
  const cached = MAIN_NODES.map((name) => ({ name, binary: nodeBinary(name) })).filter(({ binary }) =>
    existsSync(binary),
  );
  const found = cached.length > 0 ? cached : [{ name: 'this', binary: process.execPath }];
  return found.map((node) => {
    const { stdout } = spawnSync(node.binary, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    const [major, minor] = stdout.split('.').map(Number);
    return { ...node, version: (major as number) * 100 + (minor as number) };
  });
}

/** After each test: what runs programs without a pause keeps vitest from hearing its answers, and it gives up. */
export const breathe = () => new Promise<void>((done) => setImmediate(done));

export interface Ran {
  stdout: string;
  stderr: string;
  status: number | null;
  lines: unknown[][];
  /** In words, sorted, each once: `load lib/b.js < a.js`, `missing ./x < a.js`, `read x.txt`. */
  said: string[];
}

export class HookRig {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-hook-')));
  readonly hook: string;
  #apps = 0;

  /** `name`: of the hook's file. */
  constructor(name = 'hook.cjs') {
    this.hook = join(this.folder, 'dist', name);
  }

  async build(): Promise<this> {
    await build({ ...hookBundle(ROOT), outfile: this.hook });
    return this;
  }

  /** A folder with these files. */
  app(files: Record<string, string>): string {
    const folder = join(this.folder, `app${this.#apps++}`);
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return folder;
  }

  run(
    node: Node,
    folder: string,
    args: string[],
    { hooked = true, env = {} as Record<string, string> } = {},
  ): Ran {
    const report = join(this.folder, 'loaded');
    writeFileSync(report, '');
    const { NODE_OPTIONS: _o, NODE_EXTRA_CA_CERTS: _c, VITEST: _v, ...clean } = process.env;
    const added = hooked ? nodeHookEnvironment(env, this.hook, report) : {};
    const { stdout, stderr, status } = spawnSync(node.binary, args, {
      cwd: folder,
      env: { ...clean, ...env, ...added, UPKEEP_ROOT: folder },
      encoding: 'utf8',
      timeout: 20_000,
    });
    const lines = readFileSync(report, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown[]);
    return { stdout, stderr, status, lines, said: inWords(lines, folder) };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function inWords(lines: unknown[][], folder: string): string[] {
  const short = (path: unknown) =>
    path === null ? 'nobody' : relative(folder, path as string).replace(/^\.\.\//, '^');
  const words = lines.flatMap(([kind, , what, parent]) => {
    if (kind === 'load') return [`load ${short(what)} < ${short(parent)}`];
    if (kind === 'missing') {
      return [`missing ${(what as string).replaceAll(folder, '')} < ${short(parent)}`];
    }
    if (kind === 'read' || kind === 'link') return [`${kind} ${short(what)}`];
    return kind === 'hello' ? [] : [kind as string];
  });
  return [...new Set(words)].sort();
}

/** What can still be looked at when a process may open no more files. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Opens files until no more can be opened, then looks at itself and reads and writes a file; once with the reserve. */
const PROGRAM = `
import { openSync } from 'node:fs';
import { readText, writeAtomic } from './src/platform/files.ts';
import { systemProcesses } from './src/platform/proc.ts';
import { keepReserve } from './src/platform/reserve.ts';
const [kind, file] = process.argv.slice(2);
const processes = systemProcesses();
const seen = () => [processes.get(process.pid) !== null, processes.all().size > 0, readText(file) !== null, writes()];
const writes = () => { try { writeAtomic(file, 'x'); return true; } catch { return false; } };
if (kind === 'with') keepReserve();
for (;;) { try { openSync('/dev/null', 'r'); } catch { break; } }
const first = (() => { try { return seen(); } catch { return 'nothing'; } })();
console.log(JSON.stringify([first, kind === 'with' ? seen() : first]));
`;

it.runIf(process.platform === 'linux')('processes and records', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-reserve-'));
  try {
    const resolveDir = fileURLToPath(new URL('../..', import.meta.url));
    const outfile = join(folder, 'program.cjs');
    const stdin = { contents: PROGRAM, resolveDir, loader: 'ts' as const };
    await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs' });
    const run = async (kind: string) => {
      const file = join(folder, kind);
      writeFileSync(file, 'a record');
      const argv = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, outfile, kind, file];
      return JSON.parse((await promisify(execFile)('sh', argv)).stdout);
    };
    const all = [true, true, true, true];
    expect(await run('with')).toEqual([all, all]);
    expect(await run('without')).not.toEqual([all, all]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

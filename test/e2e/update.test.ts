/** Upkeep is updated, rebuilt or removed while services run: they do not notice. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { CLI, NODE, type Place, type Rig, testRig } from '../rig/rig.ts';

/** Each request starts a Node process, as a bundler's or a test runner's worker is. */
const SERVER = `
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
createServer((_, response) => {
  execFile('node', ['-e', 'console.log("child ran")'], (error, out) => response.end(error?.message ?? out));
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

it.each<Place>(['plain', 'odd'])(
  'Node processes start after the package is gone (%s place)',
  async (place) => {
    const rig = await testRig(place);
    const port = await rig.port();
    rig.write('server.mjs', SERVER);
    rig.configure({ web: { command: ['node', 'server.mjs', String(port)], port } });
    const installed = join(rig.runtimeDir, 'package');
    cpSync(dirname(CLI), installed, { recursive: true });
    await promisify(execFile)(NODE, [join(installed, 'upkeep.cjs'), 'start'], {
      cwd: rig.workspace,
      env: rig.env,
    });
    rmSync(installed, { recursive: true });
    const answer = async () => (await fetch(`http://127.0.0.1:${port}`)).text();
    expect(await answer()).toBe('child ran\n');

    // The same daemon, without the package that it came from, and without what it had put there.
    const kits = kitsOf(rig);
    rmSync(kits, { recursive: true });
    await rig.ok('restart');
    expect(existsSync(kits)).toBe(true);
    expect(await answer()).toBe('child ran\n');
    expect((await rig.service('web')).watching.kind).toBe('exact');
  },
);

/** Beside the sockets where the path of the workspace cannot stand in every variable. */
function kitsOf(rig: Rig): string {
  const beside = readdirSync(rig.runtimeDir).find((name) => name.endsWith('.kit'));
  return beside === undefined ? rig.path('.upkeep/kit') : join(rig.runtimeDir, beside);
}

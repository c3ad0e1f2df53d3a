import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounded } from '../../rig/eventually.ts';
import { nodes } from '../rig.ts';
import { SocketsRig } from './rig.ts';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'programs/ways-to-listen.mjs');

const rig = new SocketsRig();
beforeAll(async () => {
  await rig.build();
});
afterAll(() => rig.end());

describe.each(nodes())('an app that listens, on Node $name', (node) => {
  it('sees the same with held sockets and without', { timeout: 40_000 }, async () => {
    const held = await rig.hold(9);
    const env = { PORTS: held.ports.join() };
    const transcript = async (hooked: boolean) => {
      const run = rig.start(node, held, '/', ['node', PROGRAM], { hooked, env });
      const code = await bounded(run.ended, 'the program');
      return { code, stdout: run.stdout, stderr: run.stderr, said: run.said };
    };
    const bare = await transcript(false);
    const hooked = await transcript(true);
    expect(hooked.stdout).toBe(bare.stdout);
    expect({ code: hooked.code, stderr: hooked.stderr }).toEqual({ code: bare.code, stderr: bare.stderr });
    expect(bare.code).toBe(0);
    const kinds = hooked.said.map((line) => line.replace(/ (?:PORT|\d+)/, ' PORT'));
    expect([...new Set(kinds)].sort()).toEqual(
      [
        'attached PORT/0.0.0.0',
        'attached PORT/127.0.0.1',
        'attached PORT/::',
        'attached PORT/::1',
        'uncaptured PORT ipv6Only',
        'uncaptured PORT port 0',
        'uncaptured PORT reusePort',
      ].filter((line) => wasHeard(line, node.version)),
    );
  });
});

/** Before Node 22.12 it is not looked at. */
function wasHeard(line: string, version: number): boolean {
  return version >= 2212 || !line.includes('reusePort');
}

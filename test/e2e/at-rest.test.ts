/** A real daemon whose services rest is not woken up: not after swaps, failed edits, handoffs and crashes either. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testRig } from '../rig/rig.ts';
import { guardOf, livingDaemon, untilState } from './support.ts';

/** In ms: whatever looks around more often than this is found. */
const QUIET = 2_500;

const SERVER = `import { createServer } from 'node:http';
import './word.mjs';
createServer((_, response) => response.end('well')).listen(Number(process.env.PORT));
`;

/** How often all threads of these processes have gone to sleep so far: each time somebody had woken them up. */
function sleeps(pids: number[]): number {
  let sum = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      sum += Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1]);
    }
  }
  return sum;
}

it('it sleeps, with held sockets, a failed edit and a parked service', async () => {
  const rig = await testRig();
  rig.write('word.mjs', '');
  rig.write('web.mjs', SERVER);
  const command = 'node web.mjs';
  rig.configure({
    web: { command, port: await rig.port() },
    handed: { command, port: await rig.port(), mode: 'handoff' },
    plain: { command, port: await rig.port(), mode: 'plain', watch: false },
    parked: { does: [{ do: 'exit', code: 1 }], restart: { maxFailures: 1 } },
  });
  await rig.cli('start');
  await untilState(rig, 'parked', 'crashed');
  rig.write('word.mjs', '// edited\n');
  for (const name of ['web', 'handed'])
    await rig.eventually(
      async () => ((await untilState(rig, name, 'ready')).run ?? 0) > 1,
      `${name} is swapped`,
    );
  await rig.ok('restart', 'web', 'plain');
  rig.write('word.mjs', 'throw new Error("no");\n');
  await rig.eventually(async () => (await rig.service('web')).editFailed !== null, 'the edit fails');

  const daemon = livingDaemon(rig);
  const pids = [daemon.pid, guardOf(daemon).pid];
  await rig.eventually(async () => {
    const before = sleeps(pids);
    await new Promise((resolve) => setTimeout(resolve, QUIET));
    return sleeps(pids) === before;
  }, `nothing wakes it for ${QUIET} ms`);
  expect(livingDaemon(rig).pid).toBe(daemon.pid);
});

/** The parts of a swap together: a real shim, the real hook in a real server, requests all the while. */
import { rmSync, writeFileSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { GateSetting } from '../../../src/contract/sockets.ts';
import { get } from '../../../src/daemon/http-get.ts';
import { approve } from '../../../src/daemon/seamless/approve.ts';
import { drain, openPrivate } from '../../../src/daemon/seamless/control.ts';
import { RunSockets } from '../../../src/daemon/seamless/run-sockets.ts';
import { nodeHookEnvironment } from '../../../src/hook/environment.ts';
import { HookRig } from '../../hook/rig.ts';
import { enterRoom, type Room } from '../../process/room.ts';
import { eventually } from '../../rig/eventually.ts';
import { claimPort } from '../../rig/ports.ts';

let hooks: HookRig;
beforeAll(async () => {
  hooks = await new HookRig().build();
}, 60_000);
afterAll(() => rmSync(hooks.folder, { recursive: true, force: true }));

const SERVER = `
  require('http').createServer((request, response) => response.end(process.env.UPKEEP_RUN))
    .listen(Number(process.env.PORT), () => console.log('listens'));
`;

interface Swaps {
  room: Room;
  port: number;
  launch(run: number, gate: GateSetting): Promise<{ sockets: RunSockets; told: string[] }>;
}

async function enter(): Promise<Swaps> {
  const claim = await claimPort();
  const { port } = claim;
  const room = enterRoom();
  writeFileSync(join(room.root, 'server.cjs'), SERVER);
  const all = new Set<RunSockets>();
  onTestFinished(async () => {
    for (const sockets of all) sockets.close();
    await claim.release();
  });
  return {
    room,
    port,
    async launch(run, gate) {
      const { report } = room.folder(run);
      // Short: a room's own folder may be too deep for a socket.
      const control = join(hooks.folder, `c.${port}.${run}`);
      const env = {
        PORT: String(port),
        UPKEEP_CONTROL: control,
        UPKEEP_GATE: gate,
        ...nodeHookEnvironment({}, hooks.hook, report),
      };
      const wish = { way: 'hook', ports: [port] } as const;
      const held = await room.launchHeld(run, ['node', 'server.cjs'], wish, env);
      const told: string[] = [];
      const say = (what: string) => (address: string) => told.push(`${what} ${address}`);
      const events = {
        gated: say('gated'),
        attached: say('attached'),
        refused: say('refused'),
        unheld: say('unheld'),
      };
      const sockets = new RunSockets({ report, control, held, isAlive: () => true, events });
      all.add(sockets);
      return { sockets, told };
    },
  };
}

/** Asks again and again, over new connections and kept ones; returns what failed when told to stop. */
function load(port: number): () => Promise<{ asked: number; failed: string[]; answers: Set<string> }> {
  const agents = [new Agent({ keepAlive: true, maxSockets: 4 }), new Agent({ keepAlive: false })];
  const failed: string[] = [];
  const answers = new Set<string>();
  const open = new Set<Promise<void>>();
  let asked = 0;
  const ask = (agent: Agent | undefined) =>
    new Promise<void>((resolve) => {
      asked += 1;
      const request = httpGet({ port, host: '127.0.0.1', agent, path: '/' }, (response) => {
        response.setEncoding('utf8');
        response.on('data', (text: string) => answers.add(text));
        response.on('end', resolve);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        failed.push(`${error.code} ${request.reusedSocket}`);
        resolve();
      });
    });
  const timer = setInterval(() => {
    const one = ask(agents[asked % 2]);
    open.add(one);
    void one.then(() => open.delete(one));
  }, 5);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    for (const agent of agents) agent.destroy();
    return { asked, failed, answers };
  };
}

describe('a swap', () => {
  it('is asked privately, approved and drained, and no request fails', async () => {
    const { room, port, launch } = await enter();
    const first = await launch(1, 'open');
    await eventually(() => first.told.includes(`attached ${port}/::`), 'the first serves');
    const stop = load(port);
    let old = first.sockets;
    for (let run = 2; run <= 6; run++) {
      const { sockets, told } = await launch(run, 'wait');
      await eventually(() => told.includes(`gated ${port}/::`), `run ${run} is at its gate`);
      const control = sockets.holderOf(port)?.control;
      if (control == null) throw new Error('no control socket');
      const status = await new Promise((resolve) =>
        get(`http://localhost:${port}/`, resolve, () => openPrivate(control, port)),
      );
      expect(status).toBe(200);
      expect(await approve(room.folder(run).path, sockets)).toEqual([{ kind: 'attached' }]);
      await eventually(() => told.includes(`attached ${port}/::`), `run ${run} serves`);
      expect(await Promise.all(old.controls.map((path) => drain(path, 2_000)))).toMatchObject([{ left: 0 }]);
      room.runs.terminate(run - 1, 'SIGTERM');
      await room.gone(run - 1);
      old.close();
      old = sockets;
    }
    const { asked, failed, answers } = await stop();
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(50);
    expect(answers).toContain('6');
    room.runs.terminate(6, 'SIGTERM');
    await room.gone(6);
  }, 60_000);

  it('that its daemon had decided is finished without it', async () => {
    const { room, port, launch } = await enter();
    const { sockets, told } = await launch(1, 'wait');
    await approve(room.folder(1).path, sockets);
    await eventually(() => told.includes(`attached ${port}/::`), 'it serves');
    expect(told.filter((line) => line.startsWith('gated'))).toEqual([]);
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
  });
});

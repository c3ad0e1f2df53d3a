// What the daemon does while nothing happens: CPU and wakeups, with the eleven servers running.
import { allAnswer } from '../lib/answer.mjs';
import { Pm2, tooLooApps } from '../lib/pm2.mjs';
import { cpuMs, wakeups } from '../lib/proc.mjs';
import { valueRow } from '../lib/rows.mjs';
import { ports, SERVERS } from '../lib/tooloo.mjs';
import { copyTooloo, makeTooloo } from '../lib/upkeep.mjs';
import { settle, sleep } from '../lib/wait.mjs';

const BESIDE = 10_000;

/** All are watched over the same time. */
export async function measure(context) {
  const workspace = makeTooloo(context, 'idle');
  const folder = copyTooloo(context, 'idle-pm2');
  const offset = context.portOffset + BESIDE;
  const pm2 = context.pm2 && new Pm2(context, 'idle-pm2-home', tooLooApps(folder, SERVERS, offset));
  try {
    await workspace.command('start');
    if (pm2) {
      await pm2.start();
      await allAnswer(ports(offset));
    }
    await settle();
    const daemon = [workspace.daemonPid()];
    const shells = [workspace.guardPid(), ...workspace.shimPids()];
    const peer = pm2 ? [pm2.daemonPid()] : [];
    const groups = [daemon, shells, peer];
    const before = groups.map(spent);
    const seconds = context.quick ? 10 : 60;
    const began = performance.now();
    await sleep(seconds * 1000);
    const took = performance.now() - began;
    const after = groups.map(spent);
    const per = groups.map((_, i) => ({
      cpu: ((after[i].cpu - before[i].cpu) / took) * 100,
      wakeups: ((after[i].wakeups - before[i].wakeups) / took) * 1000,
    }));
    return rows(seconds, shells.length, per, pm2 !== null);
  } finally {
    await workspace.stopAll();
    await pm2?.end();
  }
}

function spent(group) {
  return {
    cpu: group.reduce((sum, pid) => sum + cpuMs(pid), 0),
    wakeups: group.reduce((sum, pid) => sum + wakeups(pid), 0),
  };
}

function rows(seconds, shells, [daemon, around, peer], withPm2) {
  const over = `over ${seconds} s with eleven servers`;
  return [
    valueRow({
      id: 'idle-cpu',
      title: `daemon CPU ${over}`,
      unit: '%',
      samples: { upkeep: [daemon.cpu], pm2: withPm2 ? [peer.cpu] : [] },
      aim: 0,
      note: `the guard and ${shells - 1} shims beside it: ${around.cpu.toFixed(3)} %`,
    }),
    valueRow({
      id: 'idle-wakeups',
      title: `daemon wakeups ${over}`,
      unit: '/s',
      samples: { upkeep: [daemon.wakeups], pm2: withPm2 ? [peer.wakeups] : [] },
      aim: 0,
      note: `the guard and shims: ${around.wakeups.toFixed(2)} /s`,
    }),
  ];
}

// How long one look takes: `upkeep status` with the eleven servers running, against Node doing nothing.

import { allAnswer } from '../lib/answer.mjs';
import { timeSync } from '../lib/command.mjs';
import { Pm2, tooLooApps } from '../lib/pm2.mjs';
import { ratioRow } from '../lib/rows.mjs';
import { ports, SERVERS } from '../lib/tooloo.mjs';
import { copyTooloo, makeTooloo } from '../lib/upkeep.mjs';

/** PM2's eleven run at the same time, on ports of their own. */
const BESIDE = 10_000;

export async function measure(context) {
  const workspace = makeTooloo(context, 'status');
  const folder = copyTooloo(context, 'status-pm2');
  const pm2 =
    context.pm2 &&
    new Pm2(context, 'status-pm2-home', tooLooApps(folder, SERVERS, context.portOffset + BESIDE));
  try {
    await workspace.command('start');
    if (pm2) {
      await pm2.start();
      await allAnswer(ports(context.portOffset + BESIDE));
    }
    return compare(context, workspace, pm2);
  } finally {
    await workspace.stopAll();
    await pm2?.end();
  }
}

function compare(context, workspace, pm2) {
  const at = { cwd: workspace.folder, env: context.env };
  const node = () => timeSync([process.execPath, '-e', '0'], at);
  const [baseline, script, bin, others] = [[], [], [], []];
  for (let round = -1; round < (context.quick ? 8 : 25); round++) {
    const times = [
      node(),
      timeSync([...workspace.cli, 'status'], at),
      timeSync([context.upkeep.bin, 'status'], at),
      pm2 ? timeSync([...pm2.cli, 'ls'], { cwd: pm2.folder, env: pm2.env }) : null,
    ];
    // The first round only warms the page cache.
    if (round < 0) continue;
    baseline.push(times[0]);
    script.push(times[1]);
    bin.push(times[2]);
    if (pm2) others.push(times[3]);
  }
  const common = { unit: 'ms', baselineName: 'node -e 0', aim: 1.2 };
  return [
    ratioRow({
      ...common,
      id: 'status',
      title: 'status',
      samples: { baseline, upkeep: script, pm2: others },
    }),
    ratioRow({
      ...common,
      id: 'status-bin',
      title: 'status, by node_modules/.bin/upkeep',
      samples: { baseline, upkeep: bin },
      note: 'a shell that asks the daemon',
    }),
  ];
}

// What the daemon takes of memory: by itself, with the eleven servers, and the shells beside it for each service.

import { join } from 'node:path';
import { allAnswer } from '../lib/answer.mjs';
import { startBare } from '../lib/bare.mjs';
import { Pm2, tooLooApps } from '../lib/pm2.mjs';
import { memory } from '../lib/proc.mjs';
import { valueRow } from '../lib/rows.mjs';
import { NAMES, ports, SERVERS } from '../lib/tooloo.mjs';
import { copyTooloo, KEEPER, makeTooloo, makeWorkspace } from '../lib/upkeep.mjs';
import { settle } from '../lib/wait.mjs';

const BESIDE = 10_000;

export async function measure(context) {
  const folder = copyTooloo(context, 'memory-pm2');
  const offset = context.portOffset + BESIDE;
  const found = { idle: [], alone: [], eleven: [], shells: [], pm2Alone: [], pm2Eleven: [] };
  for (let round = 0; round < (context.quick ? 1 : 3); round++) {
    const workspace = makeTooloo(context, `memory-${round}`);
    const alone = makeWorkspace(context, `memory-alone-${round}`, KEEPER);
    const apps = tooLooApps(folder, SERVERS, offset);
    const pm2 = context.pm2 && new Pm2(context, `memory-pm2-home-${round}`, apps);
    const idle = startBare([process.execPath, '-e', 'setInterval(() => {}, 2 ** 31 - 1)'], {
      cwd: context.temp,
      env: context.env,
      output: join(context.temp, 'memory-bare.log'),
    });
    try {
      await alone.command('start');
      await pm2?.wake();
      await settle();
      found.idle.push(memory(idle.pid));
      found.alone.push(memory(alone.daemonPid()));
      if (pm2) found.pm2Alone.push(memory(pm2.daemonPid()));
      await workspace.command('start');
      if (pm2) {
        await pm2.start();
        await allAnswer(ports(offset));
      }
      await settle();
      found.eleven.push(memory(workspace.daemonPid()));
      found.shells.push(workspace.shimPids().map(memory));
      if (pm2) found.pm2Eleven.push(memory(pm2.daemonPid()));
    } finally {
      await idle.kill();
      await alone.stopAll();
      await workspace.stopAll();
      await pm2?.end();
    }
  }
  return rows(found);
}

function rows({ idle, alone, eleven, shells, pm2Alone, pm2Eleven }) {
  const of = (kind, list) => list.map((each) => each[kind]);
  const row = (id, title, kind, upkeep, pm2, aim) =>
    valueRow({
      id,
      title,
      unit: 'MB',
      baselineName: 'idle Node process',
      samples: { baseline: of(kind, idle), upkeep: of(kind, upkeep), pm2: of(kind, pm2) },
      aim,
    });
  const perService = shells.map((list) => list.reduce((sum, { pss }) => sum + pss, 0) / NAMES.length);
  return [
    row('memory-alone', 'daemon alone, resident', 'rss', alone, pm2Alone, 48),
    row('memory-alone-unique', 'daemon alone, its own pages', 'unique', alone, pm2Alone, null),
    row('memory-eleven', 'daemon with eleven servers, resident', 'rss', eleven, pm2Eleven, null),
    row(
      'memory-eleven-unique',
      'daemon with eleven servers, its own pages',
      'unique',
      eleven,
      pm2Eleven,
      null,
    ),
    valueRow({
      id: 'memory-service',
      title: 'shim and wrapper for each service (PSS)',
      unit: 'MB',
      samples: { upkeep: perService },
      aim: 0.25,
    }),
  ];
}

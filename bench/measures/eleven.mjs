// How long until all eleven servers of the specification answer: from the command to the last first answer.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { allAnswer } from '../lib/answer.mjs';
import { startBare } from '../lib/bare.mjs';
import { Pm2, tooLooApps } from '../lib/pm2.mjs';
import { ratioRow } from '../lib/rows.mjs';
import { ports, SERVERS } from '../lib/tooloo.mjs';
import { copyTooloo, makeTooloo } from '../lib/upkeep.mjs';

export async function measure(context) {
  const folder = copyTooloo(context, 'eleven-bare');
  const warm = makeTooloo(context, 'eleven-warm', { keeper: true });
  const cold = makeTooloo(context, 'eleven-cold');
  const apps = tooLooApps(folder, SERVERS, context.portOffset);
  const warmPm2 = context.pm2 && new Pm2(context, 'eleven-pm2-warm', apps);
  const coldPm2 = context.pm2 && new Pm2(context, 'eleven-pm2-cold', apps);
  const took = { bare: [], warm: [], cold: [], warmPm2: [], coldPm2: [] };
  try {
    await warm.command('start', 'keeper');
    await warmPm2?.wake();
    for (let round = -1; round < (context.quick ? 2 : 9); round++) {
      const times = {
        bare: await bare(context, folder),
        warm: await upkeep(context, warm, () => warm.command('stop', '*-server', 'orchestrator')),
        cold: await upkeep(context, cold, () => cold.stopAll()),
        warmPm2: warmPm2 && (await peer(context, warmPm2, () => warmPm2.stopAll())),
        coldPm2: coldPm2 && (await peer(context, coldPm2, () => coldPm2.end())),
      };
      if (round < 0) continue;
      for (const [name, time] of Object.entries(times)) if (time) took[name].push(time);
    }
  } finally {
    await warm.stopAll();
    await cold.stopAll();
    await warmPm2?.end();
    await coldPm2?.end();
  }
  return rows(took);
}

function rows(took) {
  const common = { unit: 'ms', baselineName: 'eleven bare spawns' };
  return [
    ratioRow({
      ...common,
      id: 'eleven-warm',
      title: 'eleven servers answer, daemon running',
      samples: { baseline: took.bare, upkeep: took.warm, pm2: took.warmPm2 },
      aim: 1.1,
    }),
    ratioRow({
      ...common,
      id: 'eleven-cold',
      title: 'eleven servers answer, with the start of the daemon',
      samples: { baseline: took.bare, upkeep: took.cold, pm2: took.coldPm2 },
      aim: 1.3,
    }),
  ];
}

async function bare(context, folder) {
  const logs = join(folder, 'logs');
  if (!existsSync(logs)) mkdirSync(logs);
  const began = performance.now();
  const children = Object.entries(SERVERS).map(([name, port]) =>
    startBare([process.execPath, `servers/${name}.js`], {
      cwd: folder,
      env: { ...context.env, PORT: String(port + context.portOffset) },
      output: join(logs, `${name}.log`),
    }),
  );
  await allAnswer(ports(context.portOffset));
  const time = performance.now() - began;
  await Promise.all(children.map((child) => child.kill()));
  return time;
}

async function upkeep(context, workspace, undo) {
  const began = performance.now();
  const command = workspace.command('start', '*-server', 'orchestrator');
  await Promise.race([allAnswer(ports(context.portOffset)), command.then(() => new Promise(() => {}))]);
  const time = performance.now() - began;
  await command;
  await undo();
  return time;
}

async function peer(context, pm2, undo) {
  const began = performance.now();
  const command = pm2.start();
  await Promise.race([allAnswer(ports(context.portOffset)), command.then(() => new Promise(() => {}))]);
  const time = performance.now() - began;
  await command;
  await undo();
  return time;
}

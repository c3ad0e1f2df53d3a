// What watching costs: eleven services that have loaded 5,000 files, without watching, with it, and in a big repository.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs, memory, read } from '../lib/proc.mjs';
import { valueRow } from '../lib/rows.mjs';
import { makeWorkspace } from '../lib/upkeep.mjs';
import { settle, sleep } from '../lib/wait.mjs';

const SERVICES = 11;
/** Loaded by all of them, and by one each. */
const SHARED = 1000;
const OWN = 364;
const IN_A_FOLDER = 10;
/** Files beside them that nobody loads. */
const BESIDE = 100_000;
const BESIDE_IN_A_FOLDER = 100;

export async function measure(context) {
  const off = await cost(context, 'watching-off', { watch: false });
  const on = await cost(context, 'watching-on', {});
  const big = await cost(context, 'watching-big', { beside: BESIDE });
  return rows(off, on, big);
}

async function cost(context, name, { watch, beside = 0 }) {
  const service = (n) => ({ command: [process.execPath, `service-${n}.cjs`], watch });
  const services = Object.fromEntries(Array.from({ length: SERVICES }, (_, n) => [`s${n}`, service(n)]));
  const workspace = makeWorkspace(context, name, services);
  writeFiles(workspace.folder, beside);
  try {
    const began = performance.now();
    await workspace.command('start');
    const start = performance.now() - began;
    await settle();
    const pid = workspace.daemonPid();
    const before = cpuMs(pid);
    const from = performance.now();
    await sleep((context.quick ? 10 : 60) * 1000);
    const cpu = ((cpuMs(pid) - before) / (performance.now() - from)) * 100;
    return { cpu, start, ...memory(pid), ...descriptors(pid) };
  } finally {
    await workspace.stopAll();
  }
}

function writeFiles(folder, beside) {
  const write = (file, text) => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const load = (name, count) => {
    const files = Array.from({ length: count }, (_, n) => `${name}/${Math.floor(n / IN_A_FOLDER)}/${n}.cjs`);
    for (const file of files) write(file, `exports.file = '${file}';\n`);
    return files.map((file) => `require('./${file}');\n`).join('');
  };
  const shared = load('shared', SHARED);
  for (let n = 0; n < SERVICES; n++) {
    write(`service-${n}.cjs`, `${shared}${load(`own-${n}`, OWN)}setInterval(() => {}, 2 ** 31 - 1);\n`);
  }
  for (let n = 0; n < beside; n++) write(`packages/${Math.floor(n / BESIDE_IN_A_FOLDER)}/${n}.js`, '0;\n');
}

/** proc(5): a descriptor of inotify names each of its watches. */
function descriptors(pid) {
  const open = readdirSync(`/proc/${pid}/fdinfo`);
  const watches = open.map((fd) => read(`/proc/${pid}/fdinfo/${fd}`).match(/^inotify /gm)?.length ?? 0);
  return { descriptors: open.length, watches: watches.reduce((sum, count) => sum + count, 0) };
}

function rows(off, on, big) {
  const loaded = SHARED + SERVICES * OWN;
  const title = (what) => `${what}, ${SERVICES} services that loaded ${loaded} files`;
  const row = (key, what, unit, aim = null) =>
    valueRow({
      id: `watching-${key}`,
      title: title(what),
      unit,
      baselineName: 'without watching',
      // Nothing of nothing is no ratio.
      samples: { baseline: off[key] === 0 ? [] : [off[key]], upkeep: [on[key]] },
      aim,
      note: `with ${BESIDE} files beside them ${big[key].toFixed({ '%': 3, MB: 1 }[unit] ?? 0)}`,
    });
  return [
    row('cpu', 'CPU of the idle daemon', '%', 0),
    row('rss', 'daemon, resident', 'MB'),
    row('unique', 'daemon, its own pages', 'MB'),
    row('descriptors', 'open descriptors of the daemon', 'times'),
    row('watches', 'inotify watches', 'times'),
    row('start', 'start until all are ready', 'ms'),
  ];
}

// What the hook costs an app's start: the CPU time of apps with and without it, on each Node in the cache of the
// smoke tests. CPU time, since wall-clock time is other programs' as well; its first quartile, since a busy machine
// only ever adds. The rounds alternate, so that both meet the same machine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { valueRow } from '../lib/rows.mjs';

const MODULES = 1000;
/** A hook may cost this much, or 5 % of the bare start, whichever is more. */
const ALLOWED_MS = 20;
const ALLOWED_SHARE = 0.05;
const ROUNDS = { full: 30, quick: 6 };

const CJS = {
  extension: 'cjs',
  load: (name, file) => `const ${name} = require('${file}');`,
  give: 'exports.value =',
};
const ESM = {
  extension: 'mjs',
  load: (name, file) => `import * as ${name} from '${file}';`,
  give: 'export const value =',
};

/** `own`: how many of its modules are the project's, the others are installed. `everywhere`: on each Node. */
const APPS = [
  { id: 'cjs', title: '1,000 CommonJS modules', everywhere: true, write: (to) => writeApp(to, CJS, MODULES) },
  { id: 'mjs', title: '1,000 ES modules', everywhere: true, write: (to) => writeApp(to, ESM, MODULES) },
  { id: 'cjs-300', title: '300 CommonJS modules, 700 installed', write: (to) => writeApp(to, CJS, 300) },
  { id: 'mjs-300', title: '300 ES modules, 700 installed', write: (to) => writeApp(to, ESM, 300) },
  { id: 'express', title: 'express', write: writeExpress },
];

export function measure(context) {
  const nodes = cachedNodes(join(context.root, '.cache/nodes'));
  if (nodes.length === 0) throw new Error('no Node in .cache/nodes: the smoke tests fetch them');
  const ends = [nodes[0], nodes[nodes.length - 1]];
  const apps = APPS.filter(({ everywhere }) => everywhere || !context.quick);
  return apps.flatMap((app) => {
    const folder = join(context.temp, app.id);
    const entry = app.write(folder, context);
    const on = app.everywhere && !context.quick ? nodes : new Set(ends);
    return [...on].map((node) => compare(context, node, { ...app, folder, entry }));
  });
}

function compare(context, node, { id, title, folder, entry }) {
  const report = join(context.temp, 'loaded');
  const argv = [node.binary, entry];
  const hooked = {
    NODE_OPTIONS: `--require ${join(context.temp, 'node_modules/upkeep/dist/hook.cjs')}`,
    UPKEEP_REPORT: report,
    UPKEEP_ROOT: folder,
  };
  const [without, withHook] = [[], []];
  for (let round = -1; round < ROUNDS[context.quick ? 'quick' : 'full']; round++) {
    // Emptied each time, as a run's report is.
    writeFileSync(report, '');
    const times = inTurns(round, [
      () => timed(argv, context.env),
      () => timed(argv, { ...context.env, ...hooked }),
    ]);
    // The first round only warms the page cache.
    if (round < 0) continue;
    without.push(times[0]);
    withHook.push(times[1]);
  }
  const at = (what, share) => quantile(without.map(what), share);
  const added = (what, share) => quantile(withHook.map(what), share) - at(what, share);
  const other = [
    `minimum of CPU ${ms(added(cpu, 0))}`,
    `wall: first quartile ${ms(added(wall, 0.25))}, minimum ${ms(added(wall, 0))}`,
  ];
  return valueRow({
    id: `hook-${node.version}-${id}`,
    title: `hook: ${title}, Node ${node.version}`,
    unit: 'ms',
    baselineName: 'the same app without',
    samples: { baseline: [at(cpu, 0.25)], upkeep: [added(cpu, 0.25)] },
    aim: Math.max(ALLOWED_MS, Math.round(at(cpu, 0.25) * ALLOWED_SHARE)),
    note: `added CPU ms up to the end of the process, first quartile of ${without.length} rounds; ${other.join('; ')}`,
  });
}

const cpu = (time) => time.cpu;
const wall = (time) => time.wall;
const ms = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/** ms; the app prints its own CPU time, of all its threads. */
function timed(argv, env) {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), { env, encoding: 'utf8' });
  const took = performance.now() - began;
  if (error !== undefined || status !== 0)
    throw new Error(`${argv.join(' ')}: ${error ?? status}\n${stderr}`);
  return { cpu: Number(stdout), wall: took };
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

/** Which comes first changes each round, the answers' order does not. */
function inTurns(round, tasks) {
  if (round % 2 === 0) return tasks.map((task) => task());
  return [...tasks]
    .reverse()
    .map((task) => task())
    .reverse();
}

function cachedNodes(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((version) => ({
      version,
      binary: join(folder, version, `node_modules/node-${process.platform}-${process.arch}/bin/node`),
    }))
    .filter(({ binary }) => existsSync(binary))
    .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}

/** At the end of an entry: the process's CPU time in ms, user and system. */
const PRINT_CPU = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1000));
});
`;

/**
 * A binary tree of modules that each load two others and one that many load; hands back its entry, which loads
 * `node:http` as a server does. Of the modules, `own` are the project's, spread evenly.
 */
function writeApp(folder, kind, own) {
  const isOwn = (index) => index === 0 || (index * own) % MODULES < own;
  const path = (index) => `${isOwn(index) ? 'src' : 'node_modules/dep'}/m${index}.${kind.extension}`;
  const filler = Array.from(
    { length: 30 },
    (_, line) =>
      `function helper${line}(input) {\n  return input === ${line} ? 'is ${line}' : String(input + ${line});\n}`,
  ).join('\n');
  for (let index = 0; index < MODULES; index++) {
    const wanted = [2 * index + 1, 2 * index + 2].filter((child) => child < MODULES);
    if (index % 10 === 5) wanted.push(index - 5);
    const up = isOwn(index) ? '../' : '../../';
    const loads = wanted.map((child) => kind.load(`child${child}`, `${up}${path(child)}`));
    if (index === 0) loads.unshift(kind.load('http', 'node:http'));
    const text = `${loads.join('\n')}\n${filler}\n${index === 0 ? PRINT_CPU : ''}${kind.give} helper1(${index});\n`;
    mkdirSync(dirname(join(folder, path(index))), { recursive: true });
    writeFileSync(join(folder, path(index)), text);
  }
  return join(folder, path(0));
}

function writeExpress(folder, { root }) {
  mkdirSync(folder);
  const express = JSON.stringify(join(root, 'node_modules/express'));
  writeFileSync(join(folder, 'main.cjs'), `require(${express})();\n${PRINT_CPU}`);
  return join(folder, 'main.cjs');
}

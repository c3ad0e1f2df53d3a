// What the hook costs an app's start: the CPU time of apps with and without it, on each Node in the cache of the
// smoke tests. CPU time of all threads to the very end (wait4), since wall-clock time is other programs' as well. The
// rounds alternate, and each run is compared with the one beside it, so that both meet the same machine; a figure
// comes with the range that holds it with a certainty of 95 %: one that straddles the aim decides nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { valueRow } from '../lib/rows.mjs';
import { medianRange, summary } from '../lib/statistics.mjs';

const MODULES = 1000;
/** A hook may cost this much, or 5 % of the bare start, whichever is more. */
const ALLOWED_MS = 20;
const ALLOWED_SHARE = 0.05;
/** A small server, the hook's part for held sockets included. */
const SMALL_MS = 5;
/** A port that it does not ask for: that part is loaded, and looks at each listen. */
const SOCKETS = { UPKEEP_SOCKETS: '65000/127.0.0.1=17' };
const ROUNDS = { full: 40, quick: 8 };

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
  {
    id: 'server',
    title: 'a small server',
    everywhere: true,
    allowed: SMALL_MS,
    more: SOCKETS,
    write: writeServer,
  },
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

function compare(context, node, { id, title, folder, entry, allowed, more }) {
  const report = join(context.temp, 'loaded');
  const argv = [node.binary, entry];
  const env = {
    NODE_OPTIONS: `--require ${join(context.temp, 'node_modules/upkeep/dist/hook.cjs')}`,
    UPKEEP_REPORT: report,
    UPKEEP_ROOT: folder,
    ...more,
  };
  const [without, withHook] = inTurns(context, [
    { argv, env: {}, empty: null },
    // Emptied each time, as a run's report is.
    { argv, env, empty: report },
  ]);
  const added = withHook.map(([cpu], round) => cpu - without[round][0]);
  const faults = withHook.map(([, count], round) => count - without[round][1]);
  const range = medianRange(added).map(ms).join(' to ');
  const bare = summary(without.map(([cpu]) => cpu)).median;
  return valueRow({
    id: `hook-${node.version}-${id}`,
    title: `hook: ${title}, Node ${node.version}`,
    unit: 'ms',
    baselineName: 'the same app without',
    samples: { baseline: [bare], upkeep: [summary(added).median] },
    aim: allowed ?? Math.max(ALLOWED_MS, Math.round(bare * ALLOWED_SHARE)),
    note: `added CPU ms of the whole process, median of ${added.length} pairs, 95 %: ${range}; page faults ${summary(faults).median}`,
  });
}

const ms = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/** What each program cost, round by round. */
function inTurns(context, programs) {
  const rounds = ROUNDS[context.quick ? 'quick' : 'full'];
  const { status, stdout, stderr, error } = spawnSync('python3', [join(context.bench, 'lib/child-cpu.py')], {
    input: JSON.stringify({ rounds, env: context.env, programs }),
    env: context.env,
    encoding: 'utf8',
  });
  if (error?.code === 'ENOENT')
    throw new Error('python3 is not in PATH: it measures by wait4(2), which Node has not');
  if (error !== undefined || status !== 0) throw new Error(`${error ?? stderr}`);
  return JSON.parse(stdout);
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
    const text = `${loads.join('\n')}\n${filler}\n${kind.give} helper1(${index});\n`;
    mkdirSync(dirname(join(folder, path(index))), { recursive: true });
    writeFileSync(join(folder, path(index)), text);
  }
  return join(folder, path(0));
}

function writeExpress(folder, { root }) {
  mkdirSync(folder);
  const express = JSON.stringify(join(root, 'node_modules/express'));
  writeFileSync(join(folder, 'main.cjs'), `require(${express})();\n`);
  return join(folder, 'main.cjs');
}

/** Listens, and ends. */
function writeServer(folder) {
  mkdirSync(folder);
  const text = `const server = require('node:http').createServer().listen(0, () => server.close());\n`;
  writeFileSync(join(folder, 'main.cjs'), text);
  return join(folder, 'main.cjs');
}

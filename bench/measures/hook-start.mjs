// What the hook costs an app's start: 1,000 modules with and without it, on each Node in the cache of the smoke tests.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timeSync } from '../lib/command.mjs';
import { valueRow } from '../lib/rows.mjs';
import { summary } from '../lib/statistics.mjs';

const MODULES = 1000;
/** A hook may cost this much, or 5 % of the bare start, whichever is more. */
const ALLOWED_MS = 20;
const ALLOWED_SHARE = 0.05;

const KINDS = [
  {
    name: 'CommonJS',
    extension: 'cjs',
    load: (name, file) => `const ${name} = require('./${file}');`,
    give: 'exports.value =',
  },
  {
    name: 'ES modules',
    extension: 'mjs',
    load: (name, file) => `import * as ${name} from './${file}';`,
    give: 'export const value =',
  },
];

export function measure(context) {
  const nodes = cachedNodes(join(context.root, '.cache/nodes'));
  if (nodes.length === 0) throw new Error('no Node in .cache/nodes: the smoke tests fetch them');
  const hook = join(context.temp, 'node_modules/upkeep/dist/hook.cjs');
  const apps = KINDS.map((kind) => ({ kind, entry: writeApp(join(context.temp, kind.extension), kind) }));
  return nodes.flatMap((node) => apps.map((app) => compare(context, node, app, hook)));
}

function compare(context, node, { kind, entry }, hook) {
  const report = join(context.temp, 'loaded');
  const bare = { cwd: context.temp, env: context.env };
  const hooked = {
    cwd: context.temp,
    env: {
      ...context.env,
      NODE_OPTIONS: `--require ${hook}`,
      UPKEEP_REPORT: report,
      UPKEEP_ROOT: context.temp,
    },
  };
  const [baseline, added] = [[], []];
  for (let round = -1; round < (context.quick ? 8 : 25); round++) {
    // Emptied each time, as a run's report is.
    writeFileSync(report, '');
    const times = inTurns(round, [
      () => timeSync([node.binary, entry], bare),
      () => timeSync([node.binary, entry], hooked),
    ]);
    // The first round only warms the page cache.
    if (round < 0) continue;
    baseline.push(times[0]);
    added.push(times[1] - times[0]);
  }
  return valueRow({
    id: `hook-${node.version}-${kind.extension}`,
    title: `hook: ${MODULES.toLocaleString('en')} ${kind.name}, Node ${node.version}`,
    unit: 'ms',
    baselineName: 'the same app without',
    samples: { baseline, upkeep: added },
    aim: Math.max(ALLOWED_MS, Math.round(summary(baseline).median * ALLOWED_SHARE)),
    note: 'added to the start of the process, in ms',
  });
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

/** A binary tree of modules that each load two others and one that many load; hands back its entry. */
function writeApp(folder, kind) {
  mkdirSync(folder);
  const file = (index) => `m${index}.${kind.extension}`;
  const filler = Array.from(
    { length: 30 },
    (_, line) =>
      `function helper${line}(input) {\n  return input === ${line} ? 'is ${line}' : String(input + ${line});\n}`,
  ).join('\n');
  for (let index = 0; index < MODULES; index++) {
    const wanted = [2 * index + 1, 2 * index + 2].filter((child) => child < MODULES);
    if (index % 10 === 5) wanted.push(index - 5);
    const loads = wanted.map((child) => kind.load(`child${child}`, file(child)));
    writeFileSync(
      join(folder, file(index)),
      `${loads.join('\n')}\n${filler}\n${kind.give} helper1(${index});\n`,
    );
  }
  return join(folder, file(0));
}

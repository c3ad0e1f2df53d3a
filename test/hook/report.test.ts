import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breathe, HookRig, nodes } from './rig.ts';

interface Case {
  name: string;
  files: Record<string, string>;
  args?: string[];
  /** First version (major·100 + minor) that can do it. */
  since?: number;
  links?: Record<string, string>;
  said: string[];
}

const MODULE = { 'package.json': '{"type":"module"}' };
const DEP = {
  'node_modules/dep/package.json': '{"name":"dep","main":"dep.js"}',
  'node_modules/dep/dep.js': 'try { require("optional-thing") } catch {}',
};

const CASES: Case[] = [
  {
    name: 'require: a chain, JSON, a package, and later',
    files: {
      ...DEP,
      'a.js': 'require("./lib/b"); require("dep"); setTimeout(() => require("./late.js"), 5);',
      'lib/b.js': 'require("../data.json"); require("../a.js");',
      'data.json': '{}',
      'late.js': '',
    },
    said: ['load a.js < nobody', 'load data.json < lib/b.js', 'load late.js < a.js', 'load lib/b.js < a.js'],
  },
  {
    name: 'import: a chain, a query, a cycle, builtins, and later',
    files: {
      ...MODULE,
      'a.js':
        'import "./lib/b.js"; import "node:fs"; import "os"; setTimeout(() => import("./late.js?x=1#y"), 5);',
      'lib/b.js': 'import "../a.js"; export {} from "../c d.js";',
      'c d.js': '',
      'late.js': 'import "./later.js"; import "./lib/b.js";',
      'later.js': '',
    },
    said: [
      'load a.js < nobody',
      'load c d.js < lib/b.js',
      'load late.js < a.js',
      'load later.js < late.js',
      'load lib/b.js < a.js',
    ],
  },
  {
    name: 'import of CommonJS, which requires and imports',
    files: {
      'a.mjs':
        'import "./b.cjs"; import { createRequire } from "node:module"; createRequire(import.meta.url)("./e.cjs");',
      'b.cjs': 'require("./c.cjs"); import("./d.mjs");',
      'c.cjs': '',
      'd.mjs': '',
      'e.cjs': '',
    },
    said: [
      'load a.mjs < nobody',
      'load b.cjs < a.mjs',
      'load c.cjs < b.cjs',
      'load d.mjs < b.cjs',
      'load e.cjs < a.mjs',
    ],
  },
  {
    name: 'import() from CommonJS, by url too',
    files: {
      'a.cjs': `/** @type {import('./types')} */
        const { pathToFileURL } = require('node:url');
        import('./b.mjs').then(() => import(pathToFileURL(__dirname + '/c.mjs').href));`,
      'b.mjs': 'import "./d.mjs"',
      'c.mjs': '',
      'd.mjs': '',
    },
    said: ['load a.cjs < nobody', 'load b.mjs < a.cjs', 'load c.mjs < a.cjs', 'load d.mjs < b.mjs'],
  },
  {
    name: 'missing: require, caught',
    files: {
      ...DEP,
      'a.js': `for (const name of ['./nope', 'no-package', __dirname + '/nope.json']) try { require(name) } catch {}
        require('dep');`,
    },
    said: [
      'load a.js < nobody',
      'missing ./nope < a.js',
      'missing /nope.json < a.js',
      'missing no-package < a.js',
    ],
  },
  {
    name: 'missing: import, static, ends the process',
    files: { 'a.mjs': 'import "./b.mjs"', 'b.mjs': 'import "./nope.mjs"' },
    said: ['load a.mjs < nobody', 'load b.mjs < a.mjs', 'missing ./nope.mjs < b.mjs'],
  },
  {
    name: 'missing: import(), caught, beside some that are there',
    files: {
      ...MODULE,
      'a.js': `for (const name of ['./b.js', './nope.js', 'no-package', '#none', new URL('gone.js', import.meta.url).href, './c.js'])
        await import(name).catch(() => {});
        await Promise.all(['./nope2.js', 'no-package2', './d.js'].map((name) => import(name).catch(() => {})));`,
      'b.js': '',
      'c.js': '',
      'd.js': '',
    },
    said: [
      'load a.js < nobody',
      'load b.js < a.js',
      'load c.js < a.js',
      'load d.js < a.js',
      'missing #none < a.js',
      'missing ./nope.js < a.js',
      'missing ./nope2.js < a.js',
      'missing file:///gone.js < a.js',
      'missing no-package < a.js',
      'missing no-package2 < a.js',
    ],
  },
  {
    name: 'a missing entry',
    files: {},
    args: ['nope.js'],
    said: ['missing /nope.js < nobody'],
  },
  {
    name: 'a syntax error, required',
    files: { 'a.js': 'require("./b.js")', 'b.js': '{' },
    said: ['load a.js < nobody', 'load b.js < a.js'],
  },
  {
    name: 'a syntax error, imported',
    files: { 'a.mjs': 'import "./b.mjs"', 'b.mjs': '{' },
    said: ['load a.mjs < nobody', 'load b.mjs < a.mjs'],
  },
  {
    name: 'a worker and a forked child, of both kinds',
    files: {
      'a.js': `const { Worker } = require('node:worker_threads');
        new Worker(__dirname + '/w.mjs'); new Worker(__dirname + '/w.cjs');
        require('node:child_process').fork(__dirname + '/child.js');`,
      'w.mjs': 'import "./x.mjs"',
      'x.mjs': '',
      'w.cjs': 'require("./y.cjs")',
      'y.cjs': '',
      'child.js': 'require("./y.cjs")',
    },
    said: [
      'load a.js < nobody',
      'load child.js < nobody',
      'load w.cjs < nobody',
      'load w.mjs < nobody',
      'load x.mjs < w.mjs',
      'load y.cjs < child.js',
      'load y.cjs < w.cjs',
    ],
  },
  {
    name: 'a process that is given an environment of its own, by either way to start one',
    files: {
      'a.cjs': `const { fork, spawnSync } = require('node:child_process');
        fork(__dirname + '/b.cjs', [], { env: { ANY: '1' } });
        spawnSync(process.execPath, ['b.cjs'], { env: {} });`,
      'b.cjs': '',
    },
    said: ['load a.cjs < nobody', 'quiet'],
  },
  {
    name: 'no other process, nor one that has all of the environment',
    files: {
      'a.cjs': `const { fork, spawnSync } = require('node:child_process');
        fork(__dirname + '/b.cjs', [], { env: { ...process.env, ANY: '1' } });
        spawnSync(process.execPath, ['-e', '0'], { env: {} });
        spawnSync('true', ['b.cjs'], { env: {} });`,
      'b.cjs': '',
    },
    said: ['load a.cjs < nobody', 'load b.cjs < nobody'],
  },
  {
    name: 'a linked package, by either loader',
    files: {
      'packages/one/package.json': '{"name":"one","type":"module","exports":"./one.js"}',
      'packages/one/one.js': 'import "./part.js"',
      'packages/one/part.js': '',
      'packages/two/package.json': '{"name":"two"}',
      'packages/two/index.js': '',
      'node_modules/keep': '',
      'a.mjs': 'import "one"; import "two";',
      'b.cjs': 'require("two"); import("./a.mjs");',
    },
    links: { 'node_modules/one': '../packages/one', 'node_modules/two': '../packages/two' },
    args: ['b.cjs'],
    said: [
      'link node_modules/one',
      'link node_modules/two',
      'load a.mjs < b.cjs',
      'load b.cjs < nobody',
      'load packages/one/one.js < a.mjs',
      'load packages/one/part.js < packages/one/one.js',
      'load packages/two/index.js < b.cjs',
    ],
  },
  {
    name: 'links to files and folders of the project, not those among installed packages, nor what is no link of it',
    files: {
      'one.js': '',
      'one.mjs': '',
      'releases/1/b.js': '',
      'node_modules/.store/dep/index.js': '',
      'a.cjs': 'require("./file"); require("./current/b"); require("dep"); import("./file.mjs");',
    },
    links: {
      'file.js': 'one.js',
      'file.mjs': 'one.mjs',
      current: 'releases/1',
      'node_modules/dep': '.store/dep',
    },
    said: [
      'link current',
      'link file.js',
      'link file.mjs',
      'load a.cjs < nobody',
      'load one.js < a.cjs',
      'load one.mjs < a.cjs',
      'load releases/1/b.js < a.cjs',
    ],
  },
  {
    name: 'links that are preserved: real paths all the same',
    files: { 'real/b.js': '', 'a.js': 'require("./link/b.js")' },
    links: { link: 'real' },
    args: ['--preserve-symlinks', '--preserve-symlinks-main', 'a.js'],
    said: ['load a.js < nobody', 'load real/b.js < a.js'],
  },
  {
    name: 'files that are read, each once, also when it listens already',
    files: {
      'a.mjs': `import fs from 'node:fs'; import http from 'node:http';
        fs.readFileSync('one.txt'); fs.readFileSync('one.txt', 'utf8'); await fs.promises.open(new URL('two.txt', import.meta.url)).then((file) => file.close());
        await new Promise((done) => fs.createReadStream('three.txt').on('close', done).resume());
        await fs.promises.readFile('five.txt'); await new Promise((done) => fs.readFile('six.txt', done));
        fs.writeFileSync('out.txt', ''); fs.readFileSync('.hidden/x.txt'); fs.readFileSync(process.execPath.slice(0, 0) + '/etc/hosts');
        const server = http.createServer().listen(0, () => { fs.readFileSync('four.txt'); import('./late.mjs').then(() => server.close()); });`,
      'one.txt': '',
      'two.txt': '',
      'three.txt': '',
      'four.txt': '',
      'five.txt': '',
      'six.txt': '',
      '.hidden/x.txt': '',
      'late.mjs': '',
    },
    said: [
      'listening',
      'load a.mjs < nobody',
      'load late.mjs < a.mjs',
      'read five.txt',
      'read four.txt',
      'read one.txt',
      'read six.txt',
      'read three.txt',
      'read two.txt',
    ],
  },
  {
    name: 'dot folders are build output',
    files: { 'a.js': 'require("./.next/b.js")', '.next/b.js': 'require("../c.js")', 'c.js': '' },
    said: ['load a.js < nobody', 'load c.js < .next/b.js'],
  },
  {
    name: 'a package manager is quiet, a script of that name is not',
    files: {
      'node_modules/npm/bin/npm-cli.js': 'require("../../../b.js"); require("child_process").fork("npm.js")',
      'npm.js': '',
      'b.js': '',
    },
    args: ['node_modules/npm/bin/npm-cli.js'],
    said: ['load npm.js < nobody', 'quiet'],
  },
  {
    name: 'a loader of the app',
    files: {
      ...MODULE,
      'register.js': 'import { register } from "node:module"; register("./loader.js", import.meta.url);',
      'loader.js':
        'export async function resolve(specifier, context, next) { return next(specifier, context); }',
      'a.js': 'import "./b.js"; import "./c.cjs"',
      'b.js': '',
      'c.cjs': '',
    },
    args: ['--no-warnings', '--import', './register.js', 'a.js'],
    said: ['load a.js', 'load b.js < a.js', 'load c.cjs < a.js', 'load loader.js', 'load register.js'],
  },
  {
    name: 'a loader of the app that resolves and reads by itself',
    files: {
      'loader.mjs': `import { readFile } from 'node:fs/promises';
        export const resolve = (specifier, { parentURL }) => ({ url: new URL(specifier, parentURL).href, shortCircuit: true });
        export const load = async (url, context, next) => url.startsWith('file:')
          ? await readFile(new URL('../cache-of-the-loader', import.meta.url)).catch(() => {}) ?? { format: 'module', source: await readFile(new URL(url)), shortCircuit: true } : next(url, context);`,
      'a.mjs': 'import "./b.mjs"',
      'b.mjs': '',
    },
    args: ['--no-warnings', '--experimental-loader', './loader.mjs', 'a.mjs'],
    said: ['load a.mjs', 'load b.mjs', 'load loader.mjs'],
  },
  {
    name: 'an ES module that is required',
    since: 2215,
    files: { 'a.cjs': 'require("./b.mjs")', 'b.mjs': 'import "./c.mjs"', 'c.mjs': '' },
    args: ['--no-warnings', 'a.cjs'],
    said: ['load a.cjs < nobody', 'load b.mjs < a.cjs', 'load c.mjs < b.mjs'],
  },
  {
    name: 'an ES module without a sign',
    since: 2215,
    files: {
      'a.js': 'import "./b.js";\nimport { c } from "./c.js";',
      'b.js': 'export const b = 1;',
      'c.js': 'export const c = 1;',
    },
    args: ['--no-warnings', 'a.js'],
    said: ['load a.js < nobody', 'load b.js < a.js', 'load c.js < a.js'],
  },
  {
    name: 'TypeScript',
    since: 2218,
    files: {
      ...MODULE,
      'a.ts': 'import "./b.ts"; const a: number = 1;',
      'b.ts': 'export type B = 1; import "./c.cts"',
      'c.cts': '',
    },
    args: ['--no-warnings', 'a.ts'],
    said: ['load a.ts < nobody', 'load b.ts < a.ts', 'load c.cts < b.ts'],
  },
  {
    name: 'a native addon, be it broken',
    files: { 'a.js': 'try { require("./build/b.node") } catch {}', 'build/b.node': 'no addon' },
    said: ['load a.js < nobody', 'load build/b.node < a.js'],
  },
  {
    name: 'nothing but a hello',
    files: {},
    args: ['-e', '0'],
    said: [],
  },
];

const ENTRIES = ['a.js', 'a.mjs', 'a.cjs', 'a.ts'];
const rig = new HookRig(`ho"ok \\ ü.cjs`);
beforeAll(async () => {
  await rig.build();
});
afterEach(breathe);
afterAll(() => rig.end());

describe.each(nodes())('what is reported on Node $name', (node) => {
  for (const { name, files, args, since = 0, links = {}, said } of CASES) {
    if (node.version < since) continue;
    it(name, () => {
      const folder = rig.app({ ...files, '.keep': '' });
      for (const [link, target] of Object.entries(links)) symlinkSync(target, join(folder, link));
      const entry = ENTRIES.find((file) => file in files) as string;
      const ran = rig.run(node, folder, args ?? [entry]);
      // Told without a parent as well where an app's own loader reads in its thread: then only who matters.
      const loose = said.some((line) => line.startsWith('load ') && !line.includes(' < '));
      const found = loose ? withBestParents(ran.said, said) : ran.said;
      expect(found, ran.stderr).toEqual(said);
      if (!found.includes('quiet')) expect(ran.lines[0]?.slice(2, 4)).toEqual([expect.any(Number), 'node']);
    });
  }
});

/** A line without parent says that any, or none, will do. */
function withBestParents(found: string[], said: string[]): string[] {
  const known = new Set(
    found.filter((line) => !line.endsWith('< nobody')).map((line) => line.split(' < ')[0]),
  );
  const best = found.filter((line) => !line.endsWith('< nobody') || !known.has(line.split(' < ')[0]));
  return best.map((line) => {
    const [short] = line.split(' < ') as [string];
    return said.includes(short) ? short : line;
  });
}

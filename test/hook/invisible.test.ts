import { transformSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breathe, HookRig, nodes } from './rig.ts';

/** What a compiler makes of TypeScript, its source map beside it. */
const compiled = (text: string, format: 'cjs' | 'esm') =>
  transformSync(text, { loader: 'ts', format, sourcemap: 'inline', sourcefile: 'source.ts' }).code;

const THROWS =
  'interface Long {\n  line: string;\n}\n\nexport const fail = ({ line }: Long): never => {\n  throw new Error(line);\n};\n';

/** Stands in for Yarn's Plug'n'Play, whose older versions know no conditions. */
const plugAndPlay = (
  known: string,
) => `const Module = require('node:module'); const original = Module._resolveFilename;
  process.versions.pnp = '3';
  Module._resolveFilename = function (request, parent, isMain, options) {
    const names = new Set(Object.keys(options ?? {})); names.delete("paths"); ${known}
    if (names.size > 0) throw new Error('options of require() that are not supported: ' + [...names]);
    if (request !== 'dep') return original.call(Module, request, parent, isMain);
    return __dirname + ([...(options?.conditions ?? [])].includes('module-sync') ? '/hooked.cjs' : '/plain.cjs');
  };`;
const PLUGGED = {
  'a.cjs': `import('./b.mjs').then((b) => console.log(require('dep'), b.default));`,
  'b.mjs': `import { createRequire } from 'node:module'; export default createRequire(import.meta.url)('dep');`,
  'hooked.cjs': `module.exports = 'hooked';`,
  'plain.cjs': `module.exports = 'plain';`,
};

/** The same output, stack traces and exit code, with the hook and without. */
const PROGRAMS: Record<string, Record<string, string>> = {
  'an uncaught error while loading': { 'a.cjs': 'require("./b.cjs")', 'b.cjs': 'throw new Error("b")' },
  'an uncaught error in an ES module': { 'a.mjs': 'import "./b.mjs"', 'b.mjs': 'throw new Error("b")' },
  'a module that is not there': { 'a.cjs': 'require("./b.cjs")', 'b.cjs': 'require("./nope")' },
  'an import that is not there': { 'a.mjs': 'import "./b.mjs"', 'b.mjs': 'import "./nope.mjs"' },
  'a syntax error': { 'a.cjs': 'require("./b.cjs")', 'b.cjs': '{' },
  'an exit code': { 'a.cjs': 'process.exitCode = 7; setTimeout(() => process.exit(), 1)' },
  'stack traces of fs, url and dlopen': {
    'a.cjs': `const fs = require('node:fs');
      const acts = [() => fs.readFileSync('nope'), () => fs.readFileSync('nope', 'utf8'), () => fs.openSync('nope'),
        () => new URL('nope'), () => new URL('nope', 'nope'), () => process.dlopen({ exports: {} }, __filename), () => require('nope')];
      for (const act of acts) try { act() } catch (error) { console.log(error.stack, error.code) }
      fs.promises.readFile('nope').catch((error) => console.log(error.stack));`,
  },
  'a file that is not there: uncaught': {
    'a.cjs': `require('./b.cjs'); setTimeout(() => require('node:fs').readFileSync('nope', 'utf8'))`,
    'b.cjs': '',
  },
  'a file that is not there, opened: uncaught': {
    'a.cjs': `require('./b.cjs'); setTimeout(() => require('node:fs').openSync('nope'))`,
    'b.cjs': '',
  },
  'a url that is none: uncaught': { 'a.mjs': `import './b.mjs'; new URL('nope')`, 'b.mjs': '' },
  'what can be looked at': {
    'a.cjs': `const Module = require('node:module'); const net = require('node:net');
      console.log(Object.keys(require.cache), process.execArgv, process.argv.length, module.paths.length);
      for (const name of process.eventNames()) console.log(name, process.listenerCount(name));
      for (const one of [process.dlopen, Module._load, Module.prototype.load, Module._resolveFilename, net.Server.prototype.listen, require('fs').openSync])
        console.log(one.name, one.length, String(one));
      console.log(Module._findPath.name, Object.keys(process).join(), Object.keys(globalThis).join(), process.noDeprecation);
      console.log(Object.getOwnPropertyNames(Error).join(), Error.stackTraceLimit, process._getActiveHandles().length);`,
  },
  'the app prepares its own stack traces': {
    'a.mjs': `Error.prepareStackTrace = (error, sites) => error.message + sites.map((site) => site.getFunctionName()).join();
      import('./b.mjs').then(() => { try { new URL('x') } catch (error) { console.log(error.stack) } console.log(new Error('y').stack) });`,
    'b.mjs': 'export default import.meta.url',
  },
  'the stack in a handler of exceptions': {
    'a.cjs': `process.on('uncaughtException', (error) => console.log(error.stack, new Error('here').stack));
      const load = () => { for (let i = 0; i < 200; i++) { delete require.cache[require.resolve('./b.cjs')]; require('./b.cjs') } };
      setTimeout(() => { load(); throw new Error('there') }); setTimeout(() => { load(); throw new Error('again') })`,
    'b.cjs': '',
  },
  "which of Node's own modules are loaded": {
    'a.cjs': `require('node:fs'); require('./b.cjs'); require('node:http').createServer().listen(0, function () { this.close() })
      .on('close', () => console.log(process.moduleLoadList.filter((name) => name.startsWith('NativeModule')).sort().join('\\n')));`,
    'b.cjs': '',
  },
  'messages to the parent': {
    'a.cjs': `require('node:child_process').fork(__dirname + '/b.cjs').on('message', (it) => console.log(it)).on('exit', (code) => console.log(code))`,
    'b.cjs':
      'process.send({ connected: process.connected, env: Object.keys(process.env).length > 0 }); process.disconnect(); process.exitCode = 3;',
  },
  'no warning, even when each is fatal': { 'a.cjs': 'new URL("file:///x"); process.emitWarning' },
  'source maps, required': {
    'a.cjs': `const { fail } = require('./source.cjs'); console.log(require('node:module').findSourceMap(require.resolve('./source.cjs')).payload.sources);
      try { fail({ line: 'caught' }) } catch (error) { console.log(error.stack) } fail({ line: 'fatal' });`,
    'source.cjs': compiled(THROWS, 'cjs'),
  },
  'source maps, of an ES module': {
    'a.mjs': `import { fail } from './source.mjs'; try { fail({ line: 'caught' }) } catch (error) { console.log(error.stack) } fail({ line: 'fatal' });`,
    'source.mjs': compiled(THROWS, 'esm'),
  },
  'tests of node:test': {
    'a.cjs': `const { test } = require('node:test'); const { deepEqual } = require('node:assert');
      test('passes', () => {}); test('fails', () => deepEqual([1], [2])); test('imports', () => import('./b.mjs'));`,
    'b.mjs': '',
  },
  "Yarn's Plug'n'Play": { ...PLUGGED, '.pnp.cjs': plugAndPlay('names.delete("conditions");') },
  "Yarn's Plug'n'Play, before it knew conditions": { ...PLUGGED, '.pnp.cjs': plugAndPlay('') },
  'import.meta': {
    'a.mjs': `import('./b.mjs?x#y').then((b) => console.log(b.default)); console.log(await import.meta.resolve('./b.mjs'), Object.keys(import.meta));`,
    'b.mjs': 'export default import.meta.url',
  },
};
const FLAGS: Record<string, string[]> = {
  'source maps, required': ['--enable-source-maps'],
  'source maps, of an ES module': ['--enable-source-maps'],
  'tests of node:test': ['--test', '--test-reporter', 'tap'],
  "Yarn's Plug'n'Play": ['--require', './.pnp.cjs'],
  "Yarn's Plug'n'Play, before it knew conditions": ['--require', './.pnp.cjs'],
  'no warning, even when each is fatal': ['--throw-deprecation', '--pending-deprecation'],
};

const rig = new HookRig();
beforeAll(async () => {
  await rig.build();
});
afterEach(breathe);
afterAll(() => rig.end());

/** How long tests took is another time each. */
const timeless = (text: string) => text.replace(/duration_ms:? [\d.]+/g, '');

/** Where an import failed under hooks, Node's own frames and the place that it names first differ: the error does not. */
const theError = (text: string) =>
  text
    .slice(text.indexOf('Error'))
    .replace(/^\s+at .*node:internal.*\n/gm, '')
    .replace(/[{}]|\n\s*Node\.js v.*/g, '');

describe.each(nodes())('with and without the hook on Node $name', (node) => {
  for (const [name, files] of Object.entries(PROGRAMS)) {
    it(`${name}: the same`, () => {
      const folder = rig.app(files);
      const args = [...(FLAGS[name] ?? []), Object.keys(files)[0] as string];
      const bare = rig.run(node, folder, args, { hooked: false });
      const hooked = rig.run(node, folder, args);
      expect(hooked.lines.length).toBeGreaterThan(0);
      expect(bare.lines).toEqual([]);
      expect(timeless(hooked.stdout)).toBe(timeless(bare.stdout));
      expect(hooked.status).toBe(bare.status);
      // Nor does Node show the line of its own code that called for a file: it takes the hook's for that, and leaves it out.
      expect(hooked.stderr.length).toBeLessThan(bare.stderr.length + 1000);
      if (/import|uncaught$/.test(name)) expect(theError(hooked.stderr)).toBe(theError(bare.stderr));
      else expect(hooked.stderr).toBe(bare.stderr);
    });
  }

  it('a report that is not there: nothing is made, nothing is said', () => {
    const folder = rig.app({ 'a.cjs': 'console.log(1)' });
    const ran = rig.run(node, folder, ['--require', rig.hook, 'a.cjs'], {
      hooked: false,
      env: { UPKEEP_REPORT: `${folder}/none` },
    });
    expect([ran.stdout, ran.stderr, ran.status]).toEqual(['1\n', '', 0]);
  });
});

/** The text of a module of a random workspace. Nothing stands in it twice, so that any change is one. */
import { dirname, relative } from 'node:path/posix';
import { ENDING, keyOf, type Link, type Module } from './modules.ts';

export function textOf(module: Module): string {
  const { kind, id, version, tail } = module;
  if (kind === 'json') return `${JSON.stringify({ id, version })}\n${tail.replaceAll(/\S/g, ' ')}`;
  const lines = [
    `// module ${id}, version ${version}`,
    ...(kind === 'ts' || kind === 'mts' ? [`const version: number = ${version};`, 'void version;'] : []),
    ...(isImporting(module) ? importsOf(module) : module.links.map((link) => linkOf(module, link))),
    ...roleOf(module),
    tail,
  ];
  return `${lines.join('\n')}\n`;
}

const isImporting = ({ kind }: Module) => kind !== 'cjs';

/** Without a static import or export, TypeScript would take it for a script. */
function importsOf(module: Module): string[] {
  const isUrl = module.kind !== 'ts';
  return [
    "import * as http from 'node:http';",
    "import { createRequire } from 'node:module';",
    "import * as path from 'node:path';",
    "import { fork } from 'node:child_process';",
    "import { parentPort, Worker } from 'node:worker_threads';",
    isUrl ? "import { fileURLToPath } from 'node:url';" : '',
    ...module.links.map((link) => linkOf(module, link)),
    'void [http, createRequire, path, fork, parentPort, Worker];',
  ];
}

function linkOf(from: Module, link: Link): string {
  const { to, how, hidden } = link;
  const name = specifier(from, to);
  const word = hidden ? `[${[...halves(name)].map(quote).join(', ')}].join('')` : quote(name);
  const later = `(globalThis.later ??= {})[${quote(keyOf(from, to))}]`;
  const waiting = `(globalThis.waiting ??= []).push`;
  switch (how) {
    case 'static':
      if (from.kind === 'cjs' || (from.kind === 'ts' && hidden)) return `require(${word});`;
      if (hidden) return `createRequire(import.meta.url)(${word});`;
      if (to.kind === 'json' && from.kind === 'esm') {
        return `import m${to.id} from ${word} with { type: 'json' };\nvoid m${to.id};`;
      }
      return `import * as m${to.id} from ${word};\nvoid m${to.id};`;
    case 'import-at-start':
      return `${waiting}(import(${word}));`;
    case 'require-later':
      return `${later} = () => require(${word});`;
    case 'import-later':
      return `${later} = () => import(${word});`;
    case 'worker':
      return `${waiting}(${up(`new (${lib(from, 'worker_threads')}Worker)(${place(from, wayTo(from, to))})`)});`;
    case 'fork':
      return `${waiting}(${up(`${lib(from, 'child_process')}fork(${place(from, wayTo(from, to))})`)});`;
  }
}

const quote = (text: string) => `'${text}'`;
const lib = (from: Module, name: string) => (isImporting(from) ? '' : `require('node:${name}').`);

/** As soon as it has greeted; its failure is the service's. */
function up(made: string): string {
  return `new Promise((up, fail) => ${made}.once('message', up).once('error', fail))`;
}

/** Absolute path, as an expression. */
function place(from: Module, name: string): string {
  if (from.kind === 'cjs') return `require('node:path').join(__dirname, ${quote(name)})`;
  if (from.kind === 'ts') return `path.join(__dirname, ${quote(name)})`;
  return `fileURLToPath(new URL(${quote(name)}, import.meta.url))`;
}

function halves(name: string): [string, string] {
  const middle = Math.ceil(name.length / 2);
  return [name.slice(0, middle), name.slice(middle)];
}

function specifier(from: Module, to: Module): string {
  if (to.pkg !== null) return to.pkg;
  const name = wayTo(from, to);
  const bare = name.slice(0, -ENDING[to.kind].length);
  const ways = endings(from, to);
  return bare + ways[(from.id + to.id) % ways.length];
}

function wayTo(from: Module, to: Module): string {
  const way = relative(dirname(from.file), to.file);
  return way.startsWith('.') ? way : `./${way}`;
}

/** How a file may be named: without an ending where Node finds it, and in TypeScript by what it becomes. */
function endings(from: Module, to: Module): string[] {
  const mayOmit = from.kind === 'cjs' || from.kind === 'ts';
  if (to.kind === 'cjs') return mayOmit ? ['.js', ''] : ['.js'];
  if (to.kind === 'ts') return mayOmit ? ['.ts', '.js', ''] : ['.ts', '.js'];
  return to.kind === 'mts' ? ['.mts', '.mjs'] : [ENDING[to.kind]];
}

function roleOf(module: Module): string[] {
  const { role } = module;
  const all = `Promise.all(globalThis.waiting ?? [])`;
  if (role === 'module') return isImporting(module) ? [`export const id = ${module.id};`] : [];
  if (role === 'worker') {
    return [`${all}.then(() => ${lib(module, 'worker_threads')}parentPort.postMessage('up'));`, STAY];
  }
  if (role === 'fork') {
    return [
      `${all}.then(() => process.send('up'));`,
      "process.on('disconnect', () => process.exit());",
      STAY,
    ];
  }
  return [
    `${all}.then(() => ${lib(module, 'http')}${isImporting(module) ? 'http.' : ''}createServer(async (request, response) => {`,
    '  const key = request.url.slice(1);',
    '  try {',
    `    if (key !== '') await globalThis.later[key]();`,
    '    response.end(String(process.pid));',
    '  } catch (error) {',
    '    response.writeHead(500).end(String(error.stack));',
    '  }',
    `}).listen(${role.port}, '127.0.0.1'));`,
  ];
}

const STAY = 'setInterval(() => {}, 1_000_000);';

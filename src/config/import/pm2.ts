/** A PM2 ecosystem file: each app is a service. */
import { existsSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { plainWords } from '../../platform/shell-words.ts';
import { readSource } from '../read/index.ts';
import type { Service } from '../types.ts';
import { asPort, commandOf, type Draft, type Fields, fields, readIfThere, text } from './draft.ts';

const FILES = ['ecosystem', 'pm2'].flatMap((stem) =>
  [
    'config.js',
    'config.cjs',
    'config.mjs',
    'config.json',
    'config.yml',
    'config.yaml',
    'json',
    'yml',
    'yaml',
  ].map((end) => `${stem}.${end}`),
);

export async function importPm2(root: string): Promise<Draft | null> {
  const from = FILES.find((name) => readIfThere(root, name) !== null);
  if (from === undefined) return null;
  const input = { file: join(root, from), shown: from, text: readIfThere(root, from) as string };
  const { apps, ...single } = fields((await readSource(input)).value);
  const draft: Draft = { kind: 'pm2', from, services: {}, skipped: [], notes: [] };
  for (const app of Array.isArray(apps) ? apps : [apps ?? single]) addApp(root, fields(app), draft);
  return draft;
}

/** Taken over, or without meaning under Upkeep. */
const KNOWN = new Set(
  'name script args interpreter interpreter_args node_args cwd env watch ignore_watch autorestart max_restarts restart_delay kill_timeout instances exec_mode namespace exec_interpreter'.split(
    ' ',
  ),
);

/** PM2 gives a `script` that is a command line to a shell, and these to nobody. */
const IGNORED_BY_LINES = new Set([
  'args',
  'interpreter',
  'interpreter_args',
  'node_args',
  'exec_interpreter',
]);

function addApp(root: string, app: Fields, draft: Draft): void {
  const script = text(app.script);
  const wanted = text(app.name) ?? (script === null ? 'app' : basename(script, extname(script)));
  if (script === null) {
    draft.skipped.push({ name: wanted, reason: 'has no script' });
    return;
  }
  const name = freeName(wanted, draft);
  const cwd = text(app.cwd);
  const isLine = /\s/.test(script.trim()) && !existsSync(resolve(root, cwd ?? '.', script));
  const env = scalars(app.env);
  const port = asPort(env.PORT);
  draft.services[name] = {
    command: isLine ? script.trim() : commandOf(pm2Command(script, app)),
    ...(cwd === null ? {} : { cwd }),
    ...(port === null ? {} : { port }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...restartOf(app),
    ...(typeof app.kill_timeout === 'number' ? { stop: { grace: app.kill_timeout } } : {}),
    ...watchOf(app, resolve(root, cwd ?? '.'), name, draft.notes),
    ...(text(app.namespace) === null ? {} : { group: text(app.namespace) as string }),
  };
  if (app.instances !== undefined && app.instances !== 1) {
    draft.notes.push(
      `${name}: ${app.instances} instances become one; PM2's cluster mode has no counterpart.`,
    );
  }
  const left = Object.keys(app).filter((key) => !KNOWN.has(key) || (isLine && IGNORED_BY_LINES.has(key)));
  if (left.length > 0) draft.notes.push(`${name}: not taken over: ${left.join(', ')}.`);
}

function freeName(wanted: string, { services, notes }: Draft): string {
  let name = wanted;
  for (let count = 2; Object.hasOwn(services, name); count++) name = `${wanted}-${count}`;
  if (name !== wanted) notes.push(`Another app is called ${wanted} too: this one is ${name}.`);
  return name;
}

const INTERPRETERS: Record<string, string> = {
  '.js': 'node',
  '.cjs': 'node',
  '.mjs': 'node',
  '.ts': 'node',
  '.py': 'python3',
  '.sh': 'bash',
  '.rb': 'ruby',
  '.php': 'php',
};

function pm2Command(script: string, app: Fields): string[] {
  const given = text(app.interpreter) ?? text(app.exec_interpreter);
  const interpreter = given === 'none' ? null : (given ?? INTERPRETERS[extname(script)] ?? null);
  const options = [...words(app.interpreter_args), ...words(app.node_args)];
  const program = interpreter === null ? [script] : [interpreter, ...options, script];
  return [...program, ...words(app.args)];
}

function words(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return plainWords(text(value) ?? '');
}

function scalars(value: unknown): Record<string, string | number | boolean> {
  const entries = Object.entries(fields(value)).filter(
    (entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return Object.fromEntries(entries);
}

function restartOf(app: Fields): Pick<Service, 'restart'> {
  if (app.autorestart === false) return { restart: 'never' };
  const restart = {
    ...(typeof app.max_restarts === 'number' && app.max_restarts >= 1
      ? { maxFailures: app.max_restarts }
      : {}),
    ...(typeof app.restart_delay === 'number' && app.restart_delay > 0 ? { delay: app.restart_delay } : {}),
  };
  return Object.keys(restart).length === 0 ? {} : { restart };
}

/** PM2 names folders and files where Upkeep has globs; `true` is the whole folder. */
function watchOf(app: Fields, cwd: string, name: string, notes: string[]): Pick<Service, 'watch'> {
  if (app.watch === false) return { watch: false };
  const include = app.watch === true ? ['**'] : globs(app.watch, cwd);
  const ignored = [app.ignore_watch ?? []].flat();
  if (ignored.some((one) => typeof one !== 'string')) {
    notes.push(`${name}: patterns of ignore_watch that are no texts are not taken over.`);
  }
  const ignore = globs(ignored, cwd).filter((glob) => !/^(?:\.\/)?(?:node_modules|\.git)\b/.test(glob));
  if (include.length === 0 && ignore.length === 0) return {};
  if (ignore.length === 0) return { watch: include };
  return { watch: { ...(include.length === 0 ? {} : { include }), ignore } };
}

function globs(value: unknown, cwd: string): string[] {
  return [value ?? []]
    .flat()
    .filter((one): one is string => text(one) !== null)
    .map((one) => {
      const path = one.replace(/^\.\//, '').replace(/\/+$/, '');
      const file = join(cwd, path);
      return existsSync(file) && statSync(file).isDirectory() ? `${path}/**` : path;
    });
}

/** A compose file: what can run without a container is taken over, the rest is named with the reason. */
import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { DependencyOptions, Service } from '../types.ts';
import { composeCommand } from './compose-command.ts';
import { composeEnv } from './compose-env.ts';
import { asPort, type Draft, type Fields, fields, readIfThere, text } from './draft.ts';
import { readManifest } from './package-json.ts';
import { scriptService } from './scripts.ts';

const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
/** Images that bring a language, not a program: their command can run on this machine as well. */
const RUNTIME =
  /^(?:docker\.io\/)?(?:library\/)?(?:node|oven\/bun|denoland\/deno|python|ruby|golang|php)(?::|$)/;

export function importCompose(root: string): Draft | null {
  const from = FILES.find((name) => readIfThere(root, name) !== null);
  if (from === undefined) return null;
  const declared = fields(parsed(from, readIfThere(root, from) as string).services);
  const draft: Draft = { kind: 'compose', from, services: {}, skipped: [], notes: [] };
  for (const [name, value] of Object.entries(declared)) {
    const result = runnable(root, name, fields(value), draft.notes);
    if ('reason' in result) draft.skipped.push({ name, reason: result.reason });
    else
      draft.services[name] = composeService(root, name, fields(value), result, draft, Object.keys(declared));
  }
  for (const name of Object.keys(draft.services)) addDependencies(name, fields(declared[name]), draft);
  return draft;
}

function parsed(from: string, source: string): Fields {
  try {
    return fields(parse(source, { merge: true }));
  } catch (error) {
    throw new UserError(ExitCode.config, `${from}: ${(error as Error).message.split('\n')[0]}`);
  }
}

interface Runnable {
  command: string | string[];
  /** Relative to the project. */
  cwd: string;
  /** What the script of a package.json in the build folder says besides. */
  more: Service;
}

function runnable(
  root: string,
  name: string,
  service: Fields,
  notes: string[],
): Runnable | { reason: string } {
  const profiles = [service.profiles ?? []].flat();
  if (profiles.length > 0) return { reason: `is started with the profile ${profiles.join(' or ')} only` };
  const image = text(service.image);
  const build = text(service.build) ?? text(fields(service.build).context);
  if (build === null && (image === null || !RUNTIME.test(image))) {
    return { reason: image === null ? 'has neither an image nor a build' : `runs the image ${image}` };
  }
  const cwd = relative(root, resolve(root, build ?? mountedFolder(service) ?? '.'));
  const folder = join(root, cwd);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    return { reason: `its folder ${cwd} does not exist` };
  const command = composeCommand(name, service, notes);
  if (command !== null) return { command, cwd, more: {} };
  const manifest = readManifest(root, cwd);
  const script = manifest === null ? null : scriptService(folder, manifest);
  if (script?.service.command === undefined) {
    return { reason: 'has no command, and its folder no dev or start script' };
  }
  const { command: line, ...more } = script.service;
  return { command: line, cwd, more };
}

/** The host side of the first bind mount of a folder: `./api:/app`. */
function mountedFolder({ volumes }: Fields): string | null {
  if (!Array.isArray(volumes)) return null;
  for (const volume of volumes) {
    const source = typeof volume === 'string' ? volume.split(':')[0] : text(fields(volume).source);
    if (source?.startsWith('.')) return source;
  }
  return null;
}

function composeService(
  root: string,
  name: string,
  service: Fields,
  { command, cwd, more }: Runnable,
  draft: Draft,
  others: string[],
): Service {
  const mappings = composePorts(service.ports);
  const ports = [...new Set(mappings.map(({ own }) => own))];
  for (const { own, published } of mappings)
    if (published !== null && published !== own)
      draft.notes.push(`${name}: listens on ${own} here; in compose, that is published as ${published}.`);
  const env = composeEnv(name, service.environment, others, draft.notes);
  const files = envFiles(root, name, service.env_file, draft.notes).map((file) =>
    relative(join(root, cwd), resolve(root, file)),
  );
  const { port: scriptPort, ...rest } = more;
  const port = ports[0] ?? asPort(env.PORT) ?? scriptPort;
  return {
    command,
    ...(cwd === '' ? {} : { cwd }),
    ...(ports.length > 1 ? { ports } : port === undefined ? {} : { port }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(files.length === 0 ? {} : { envFile: files.length === 1 ? (files[0] as string) : files }),
    ...rest,
  };
}

/** `own`: the container's side of a mapping, what the program itself listens on; `published`: the machine's side. */
function composePorts(value: unknown): { own: number; published: number | null }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    const parts = String(entry)
      .replace(/\/(?:tcp|udp)$/, '')
      .split(':');
    const { target, published } =
      typeof entry === 'object' ? fields(entry) : { target: parts.pop(), published: parts.pop() };
    const own = asPort(target);
    return own === null ? [] : [{ own, published: asPort(published) }];
  });
}

function envFiles(root: string, name: string, value: unknown, notes: string[]): string[] {
  return [value].flat().flatMap((entry) => {
    const file = text(entry) ?? text(fields(entry).path);
    if (file === null) return [];
    // Compose goes on without it, and Upkeep would not.
    if (fields(entry).required !== false || existsSync(resolve(root, file))) return [file];
    notes.push(`${name}: the env file ${file} is not required and not there: left out.`);
    return [];
  });
}

const CONDITIONS: Record<string, NonNullable<DependencyOptions['condition']>> = {
  service_started: 'started',
  service_healthy: 'ready',
  service_completed_successfully: 'completed',
};

function addDependencies(name: string, { depends_on: written }: Fields, draft: Draft): void {
  const service = draft.services[name] as Service;
  const wanted = Array.isArray(written)
    ? Object.fromEntries(written.map((one) => [String(one), {}]))
    : fields(written);
  const kept: Record<string, DependencyOptions> = {};
  for (const [target, options] of Object.entries(wanted)) {
    const dependency = draft.services[target];
    if (dependency === undefined) {
      draft.notes.push(
        `${name} needs ${target}, which Upkeep does not run: start it yourself (docker compose up -d ${target}).`,
      );
      continue;
    }
    const { condition, required, restart } = fields(options);
    const mapped = CONDITIONS[String(condition)];
    // A service that is restarted whenever it ends would never have completed.
    if (mapped === 'completed') dependency.restart = 'on-failure';
    kept[target] = {
      ...(mapped === undefined || mapped === 'ready' ? {} : { condition: mapped }),
      ...(required === false ? { required } : {}),
      ...(restart === true ? { restart } : {}),
    };
  }
  const names = Object.keys(kept);
  if (names.length === 0) return;
  const plain = Object.values(kept).every((options) => Object.keys(options).length === 0);
  service.dependsOn = plain ? names : kept;
}

/** A `servers/` folder: each file in it is a server. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '../types.ts';
import { commandOf, type Draft, entriesIn, orLeftOut, readIfThere } from './draft.ts';
import { type Manifest, readManifest } from './package-json.ts';
import { healthInSource, portInSource } from './ports.ts';

const FOLDER = 'servers';
const SOURCE = /^([^._].*)\.(?:[cm]?js|m?ts)$/;
const NO_SERVER = /\.(?:test|spec|d|config)\.[cm]?[jt]s$/;

export function importServers(root: string): Draft | null {
  const folder = join(root, FOLDER);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return null;
  const manifest = readManifest(root);
  const draft: Draft = { kind: 'servers', from: `${FOLDER}/`, services: {}, skipped: [], notes: [] };
  const notes: string[] = [];
  for (const [name, file] of serverFiles(root, draft)) {
    const service = orLeftOut(name, draft, () => serverService(`${FOLDER}/${file}`, root, manifest, notes));
    if (service !== null) draft.services[name] = service;
  }
  return { ...draft, notes: [...new Set(notes)] };
}

/** `servers/api.js` and `servers/api/index.js` are both api. */
function serverFiles(root: string, draft: Draft): [name: string, file: string][] {
  return entriesIn(root, FOLDER).flatMap((entry): [string, string][] => {
    if (entry.isDirectory()) {
      const folder = `${FOLDER}/${entry.name}`;
      const files = orLeftOut(folder, draft, () => entriesIn(root, folder)) ?? [];
      const index = files.find(({ name }) => /^index\.(?:[cm]?js|m?ts)$/.test(name));
      return index === undefined ? [] : [[entry.name, `${entry.name}/${index.name}`]];
    }
    const name = SOURCE.exec(entry.name)?.[1];
    return name === undefined || NO_SERVER.test(entry.name) ? [] : [[name, entry.name]];
  });
}

function serverService(file: string, root: string, manifest: Manifest | null, notes: string[]): Service {
  const source = readIfThere(root, file) ?? '';
  const port = portInSource(source);
  const health = port === null ? null : healthInSource(source);
  return {
    command: commandOf(runner(file, manifest, notes)),
    ...(port === null ? {} : { port }),
    ...(health === null ? {} : { ready: { http: health } }),
  };
}

function runner(file: string, manifest: Manifest | null, notes: string[]): string[] {
  if (!file.endsWith('ts')) return ['node', file];
  if (manifest?.dependencies.has('tsx')) return ['node', '--import', 'tsx', file];
  notes.push(
    'TypeScript is run by node itself, which takes Node 22.18 or newer; with tsx installed, older ones can.',
  );
  return ['node', file];
}

/** npm, yarn or pnpm workspaces: each package with a dev or start script is a service. */
import { join } from 'node:path';
import picomatch from 'picomatch';
import { readYaml } from '../read/yaml.ts';
import { type Draft, entriesIn, fields, orLeftOut, readIfThere, text } from './draft.ts';
import { readManifest } from './package-json.ts';
import { type ScriptService, scriptNotes, scriptService, shortName } from './scripts.ts';

const PNPM = 'pnpm-workspace.yaml';
/** Deep enough for `apps/group/name/part`. */
const MAX_DEPTH = 4;

export function importWorkspaces(root: string): Draft | null {
  const { patterns, from } = workspacePatterns(root);
  if (patterns.length === 0) return null;
  const draft: Draft = { kind: 'workspaces', from, services: {}, skipped: [], notes: [] };
  const scripts = new Map<string, ScriptService>();
  for (const folder of packageFolders(root, patterns, draft)) {
    // A package that cannot be read is left out: the others are services all the same.
    const manifest = orLeftOut(folder, draft, () => readManifest(root, folder));
    if (manifest === null) continue;
    const short = shortName(manifest.name ?? (folder.split('/').pop() as string));
    const name = short in draft.services ? folder.replaceAll('/', '-') : short;
    const found = scriptService(join(root, folder), manifest);
    if (found === null) {
      draft.skipped.push({ name, reason: 'has neither a dev nor a start script' });
      continue;
    }
    draft.services[name] = { cwd: folder, ...found.service };
    scripts.set(name, found);
  }
  return { ...draft, notes: scriptNotes(scripts) };
}

/** Throws UserError when the file that names them cannot be read. */
export function workspacePatterns(root: string): { patterns: string[]; from: string } {
  const pnpm = readIfThere(root, PNPM);
  if (pnpm !== null) {
    const { packages } = fields(readYaml({ file: PNPM, shown: PNPM, text: pnpm }).value);
    const patterns = Array.isArray(packages)
      ? packages.filter((one): one is string => text(one) !== null)
      : [];
    return { patterns, from: PNPM };
  }
  return { patterns: readManifest(root)?.workspaces ?? [], from: 'package.json' };
}

/** Relative folders that the patterns mean; `!pattern` takes some away. */
function packageFolders(root: string, patterns: string[], draft: Draft): string[] {
  const clean = patterns.map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''));
  const wanted = picomatch(clean.filter((pattern) => !pattern.startsWith('!')));
  const unwanted = picomatch(
    clean.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  );
  return [...foldersIn(root, '', MAX_DEPTH, draft)].filter((folder) => wanted(folder) && !unwanted(folder));
}

function* foldersIn(root: string, under: string, depth: number, draft: Draft): Generator<string> {
  if (depth === 0) return;
  for (const entry of orLeftOut(under || '.', draft, () => entriesIn(root, under)) ?? []) {
    if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const folder = under === '' ? entry.name : `${under}/${entry.name}`;
    yield folder;
    yield* foldersIn(root, folder, depth - 1, draft);
  }
}

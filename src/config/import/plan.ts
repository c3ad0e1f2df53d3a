/** What `upkeep init` would do, as data; and doing it. */
import { existsSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { errorMessage } from '../../platform/files.ts';
import { checkConfig } from '../check.ts';
import { explicitConfigs } from '../find.ts';
import { problemsError } from '../problems.ts';
import { resolveConfig } from '../resolve/index.ts';
import { notesOfAbove } from './above.ts';
import { replaceFile, textToChange } from './change-file.ts';
import { findProject, importProject } from './detect.ts';
import type { Draft, ImportKind } from './draft.ts';
import { addIgnored } from './gitignore.ts';
import { addCommand, readManifest } from './package-json.ts';
import { addScripts, START_SCRIPT } from './package-scripts.ts';
import { type ModuleKind, renderConfig } from './render.ts';

export interface FileChange {
  /** Relative to the workspace. */
  file: string;
  action: 'create' | 'change' | 'replace';
  /** The file's whole new text. */
  text: string;
  /** In words, one line each: what is new in it. */
  details: string[];
}

export interface InitPlan {
  workspace: string;
  draft: Draft;
  /** Other kinds that would have yielded services. */
  alternatives: ImportKind[];
  changes: FileChange[];
  /** Configurations that are kept under another name, with `--force`. */
  setAside: { from: string; to: string }[];
  notes: string[];
  /** The command that starts everything, once this is written. */
  start: string;
}

export interface InitOptions {
  from: ImportKind | null;
  force: boolean;
}

/** Reads only. Throws UserError when there is a configuration already, or nothing to run. */
export async function planInit(cwd: string, { from, force }: InitOptions): Promise<InitPlan> {
  const root = await findProject(cwd, from);
  const setAside = existing(root, force);
  const [draft, ...others] = await importProject(root, from);
  if (draft === undefined || Object.keys(draft.services).length === 0) throw nothingFound(root, from, draft);
  proveSound(root, draft);
  const config = configFile(root, draft);
  const scripts = scriptChange(root);
  const ignored = ignoreChange(root);
  return {
    workspace: root,
    draft,
    alternatives: others.map(({ kind }) => kind),
    changes: [
      setAside.some((one) => one.from === config.file) ? { ...config, action: 'replace' } : config,
      ...scripts.changes,
      ...ignored,
    ],
    setAside,
    notes: [...draft.notes, ...scripts.notes, ...notesOfAbove(root)],
    start: scripts.start,
  };
}

function existing(root: string, force: boolean): InitPlan['setAside'] {
  const names = explicitConfigs(root).map((file) => basename(file));
  if (names.includes('package.json')) {
    throw new UserError(
      ExitCode.config,
      `${root} has a configuration already: the "upkeep" key in package.json.`,
      'Take the key out first.',
    );
  }
  if (names.length > 0 && !force) {
    throw new UserError(
      ExitCode.config,
      `${root} has a configuration already: ${names.join(', ')}.`,
      `Use --force to write a new one; the old one is kept as ${names[0]}.old.`,
    );
  }
  return names.map((name) => ({ from: name, to: freeName(root, `${name}.old`) }));
}

function freeName(root: string, name: string): string {
  let free = name;
  for (let count = 2; existsSync(join(root, free)); count++) free = `${name}.${count}`;
  return free;
}

function nothingFound(root: string, from: ImportKind | null, draft: Draft | undefined): UserError {
  const reasons = draft?.skipped.map(({ name, reason }) => `${name} ${reason}`) ?? [];
  const what = from === null ? 'anything that can be run' : `services of the kind "${from}"`;
  return new UserError(
    ExitCode.config,
    [`No sign of ${what} in ${root}.`, ...reasons].join('\n'),
    'Write upkeep.config.js by hand: export default { services: { web: "node server.js" } }',
  );
}

/** A draft that would not load is a mistake in the imported file (a circle of dependencies, say): told now, not later. */
function proveSound(root: string, draft: Draft): void {
  const checked = checkConfig({ services: draft.services });
  const place = { root, file: join(root, draft.from), sources: [], otherNames: [] };
  const problems = 'problems' in checked ? checked.problems : resolveConfig(checked.config, place).problems;
  if (problems.length > 0) throw problemsError(draft.from, problems, () => null);
}

function configFile(root: string, draft: Draft): FileChange {
  const typescript = existsSync(join(root, 'tsconfig.json'));
  const kind: ModuleKind = typescript || readManifest(root)?.type === 'module' ? 'esm' : 'commonjs';
  const names = Object.keys(draft.services);
  return {
    file: typescript ? 'upkeep.config.ts' : 'upkeep.config.js',
    action: 'create',
    text: renderConfig(draft.services, kind),
    details: [`${names.length} ${names.length === 1 ? 'service' : 'services'}: ${names.join(', ')}`],
  };
}

function scriptChange(root: string): Pick<InitPlan, 'changes' | 'notes' | 'start'> {
  const source = textToChange(root, 'package.json');
  if (source === null) {
    const notes = ['There is no package.json: run the commands as `npx upkeep …`.'];
    return { changes: [], notes, start: 'upkeep start' };
  }
  const { text, added, kept } = addScripts(source);
  const notes = kept.map((name) => `The npm script ${name} exists already and stays as it is.`);
  if (readManifest(root)?.dependencies.has('upkeep') === false) {
    notes.push(`Upkeep is not among the dependencies: ${addCommand(root, 'upkeep')}`);
  }
  const details = [`npm scripts: ${added.join(', ')}`];
  const changes: FileChange[] = [{ file: 'package.json', action: 'change', text, details }];
  const start = kept.includes(START_SCRIPT) ? 'upkeep start' : `npm run ${START_SCRIPT}`;
  return { changes: added.length === 0 ? [] : changes, notes, start };
}

/** Only inside a repository, or where the file is there already. */
function ignoreChange(root: string): FileChange[] {
  const source = textToChange(root, '.gitignore');
  if (source === null && !inRepository(root)) return [];
  const { text, added } = addIgnored(source ?? '');
  if (added.length === 0) return [];
  const action = source === null ? 'create' : 'change';
  return [{ file: '.gitignore', action, text, details: [added.join(', ')] }];
}

function inRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  return dirname(folder) !== folder && inRepository(dirname(folder));
}

/** The old configuration is out of the way first, so that there are never two. Throws UserError. */
export function applyPlan({ workspace, changes, setAside }: InitPlan): void {
  const done: string[] = [];
  const step = (what: string, act: () => void) => {
    try {
      act();
      done.push(what);
    } catch (error) {
      throw new UserError(
        ExitCode.config,
        `${what} cannot be written in ${workspace}: ${errorMessage(error)}`,
        done.length === 0 ? 'Nothing was written.' : `Written so far: ${done.join(', ')}.`,
      );
    }
  };
  for (const { from, to } of setAside) step(to, () => renameSync(join(workspace, from), join(workspace, to)));
  for (const { file, text } of changes) step(file, () => replaceFile(join(workspace, file), text));
}

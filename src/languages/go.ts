/**
 * The files that a Go program is built from: the toolchain knows, and is asked once for each launch
 * (about 0.3 s in a process of its own, beside the build).
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import type { Command } from '../contract/config.ts';
import { type GoBuild, goBuilds } from './go-command.ts';

/** After this many ms the answer is not waited for any more. */
const LONGEST = 30_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** The kinds of files of a package (`go help list`). */
const KINDS = [
  'GoFiles',
  'CgoFiles',
  'CFiles',
  'CXXFiles',
  'HFiles',
  'SFiles',
  'SysoFiles',
  'EmbedFiles',
  'InvalidGoFiles',
];
const TEMPLATE = `{{if not .Standard}}{{$at := .Dir}}{{if not $at}}missing\t{{.ImportPath}}
{{end}}{{with .Module}}module\t{{.GoMod}}\t{{.Path}}
{{end}}${KINDS.map((kind) => `{{range .${kind}}}file\t{{$at}}\t{{.}}\n{{end}}`).join('')}{{end}}`;

/**
 * Absolute paths of the sources, embedded files, go.mod, go.sum and go.work of the programs that the command
 * builds, of replaced and workspace modules as well; those of the standard library, the module cache and
 * `vendor` are left out. Some need not exist (go.sum, or the likely file of a missing package).
 * Empty: no Go program, no toolchain, or no answer.
 */
export async function goFiles(
  command: Command,
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  const lists = await Promise.all(goBuilds(command, cwd).map((build) => filesOf(build, env)));
  return [...new Set(lists.flat())].sort();
}

/** Globs of the files whose creation would make them part of the program: one for each folder of a package. */
export function newGoFiles(files: readonly string[]): string[] {
  const folders = new Set(files.filter((file) => file.endsWith('.go')).map((file) => path.dirname(file)));
  return [...folders].map((folder) => `${folder}/!(*_test).go`);
}

async function filesOf({ cwd, flags, packages }: GoBuild, env: NodeJS.ProcessEnv): Promise<string[]> {
  const quiet = { ...env, GOPROXY: 'off' };
  const [list, places] = await Promise.all([
    ask(['list', ...flags, '-e', '-deps', '-f', TEMPLATE, '--', ...packages], cwd, quiet),
    ask([...inFolder(flags), 'GOROOT', 'GOMODCACHE', 'GOMOD', 'GOWORK'], cwd, quiet),
  ]);
  const [root = '', cache = '', main = '', work = ''] = places.split('\n');
  const vendored = [main, work].map((file) => path.join(path.dirname(file), 'vendor'));
  const files = ownFiles(list, [root, cache, ...vendored].filter(path.isAbsolute));
  if (files.length === 0) return [];
  // A build from single files belongs to no module, and yet to the one around it.
  const modules = main.endsWith('.mod') ? [main, path.join(path.dirname(main), 'go.sum')] : [];
  return [...files, ...modules, ...(path.isAbsolute(work) ? [work, `${work}.sum`] : [])];
}

function inFolder(flags: readonly string[]): string[] {
  return ['env', ...flags.filter((flag) => flag.startsWith('-C='))];
}

function ownFiles(list: string, foreign: readonly string[]): string[] {
  const lines = list.split('\n').map((line) => line.split('\t'));
  const isForeign = (file: string) => foreign.some((folder) => file.startsWith(`${folder}/`));
  return lines
    .flatMap(([kind, first = '', second = '']) => {
      if (kind === 'file') return [path.resolve(first, second)];
      return kind === 'module' && first !== '' ? [first, path.join(path.dirname(first), 'go.sum')] : [];
    })
    .concat(missingPackages(lines))
    .filter((file) => !isForeign(file));
}

/** A package that is imported and does not exist, in a module that does: the file that it would likely have. */
function missingPackages(lines: readonly string[][]): string[] {
  const modules = lines.filter(([kind]) => kind === 'module');
  return lines.flatMap(([kind, name = '']) => {
    const [, file = '', prefix = ''] = modules.find(([, , each]) => name.startsWith(`${each}/`)) ?? [];
    if (kind !== 'missing' || file === '') return [];
    const folder = path.join(path.dirname(file), name.slice(prefix.length));
    return [path.join(folder, `${path.basename(folder)}.go`)];
  });
}

/** What it printed, also when it failed; empty when it could not be asked. Never a download (`GOPROXY=off`). */
function ask(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile('go', args, { cwd, env, timeout: LONGEST, maxBuffer: MOST_BYTES }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

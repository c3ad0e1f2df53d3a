/** Which packages does a `go run`, `go build` or `go install` build, and with which flags that decide on files? */
import type { Command } from '../contract/config.ts';
import { commandPrograms } from '../platform/command-programs.ts';

export interface GoBuild {
  /** Absolute. */
  readonly cwd: string;
  readonly flags: readonly string[];
  readonly packages: readonly string[];
}

/** Flags that take a value as the next word (`go help build`). */
const WITH_VALUE =
  /^-(C|p|o|asmflags|buildmode|compiler|coverpkg|covermode|exec|gccgoflags|gcflags|installsuffix|ldflags|mod|modfile|overlay|pgo|pkgdir|tags|toolexec)$/;
/** Those that change which files belong to a build. */
const DECIDING = /^-(C|compiler|installsuffix|mod|modfile|overlay|tags|race|msan|asan)$/;

/** Every build of a command line, in its order. */
export function goBuilds(command: Command, cwd: string): GoBuild[] {
  return commandPrograms(command, cwd)
    .filter(({ name, words }) => name === 'go' && /^(run|build|install)$/.test(words[1] ?? ''))
    .map(({ words, cwd: folder }) => ({ cwd: folder, ...readBuild(words[1] ?? '', words.slice(2)) }));
}

function readBuild(action: string, words: readonly string[]) {
  const flags: string[] = [];
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    const [flag = '', value] = (words[at] ?? '').replace(/^--/, '-').split(/=(.*)/s);
    const next = value ?? (WITH_VALUE.test(flag) ? words[++at] : undefined);
    if (DECIDING.test(flag)) flags.push(next === undefined ? flag : `${flag}=${next}`);
  }
  return { flags, packages: packagesOf(action, words.slice(at)) };
}

/** `go run` takes one package, or files; what follows are the program's own arguments. */
function packagesOf(action: string, words: readonly string[]): string[] {
  if (action !== 'run') return words.length > 0 ? [...words] : ['.'];
  const other = words.findIndex((word) => !word.endsWith('.go'));
  const files = other === -1 ? words : words.slice(0, other);
  return files.length > 0 ? [...files] : words.slice(0, 1);
}

/** What a service's `watch` names and leaves out, as the watcher takes it (src/watch/tree.ts). */
import { readdirSync, realpathSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { ResolvedService } from '../../contract/config.ts';
import { excluded, type Pattern, patterns } from '../../watch/globs.ts';
import { ignoreTest, isJunkFile, isJunkFolder } from '../../watch/ignore.ts';

export interface Named {
  /** The paths by which `include` names this file (absolute, real): its own, and those that lead to it by links. */
  namesOf(file: string): string[];
  /** `ignore`, and what `include` takes back by `!`: they win over every other reason to watch a path. */
  leavesOut(path: string): boolean;
}

/** By the service as it was read for one question: many files may be asked about, and its folders are walked once. */
const known = new WeakMap<ResolvedService, Named>();

export function namedBy(service: ResolvedService): Named {
  const named = known.get(service) ?? newNamed(service);
  known.set(service, named);
  return named;
}

function newNamed({ cwd, watch }: ResolvedService): Named {
  const leavesOut = ignoreTest(cwd, [...watch.ignore, ...excluded(watch.include)]);
  const all = patterns(cwd, watch.include).map((pattern) => ({ pattern, links: lazily(pattern, leavesOut) }));
  return {
    leavesOut,
    namesOf: (file) =>
      all.flatMap(({ pattern, links }) => {
        if (isMatch(pattern, file)) return [file];
        const names = [...links()]
          .filter(([, target]) => isWithin(target, file))
          .map(([link, target]) => link + file.slice(target.length));
        return names.filter((name) => isMatch(pattern, name));
      }),
  };
}

function lazily(pattern: Pattern, leavesOut: (path: string) => boolean): () => Map<string, string> {
  let links: Map<string, string> | null = null;
  return () => {
    links ??= linksOf(pattern, leavesOut);
    return links;
  };
}

/** Whether these globs, of which some may take back, match its own path. */
export function isGlobbed(cwd: string, globs: string[], file: string): boolean {
  return patterns(cwd, globs).some((each) => isMatch(each, file)) && !ignoreTest(cwd, excluded(globs))(file);
}

function isMatch({ base, matches, depth }: Pattern, path: string): boolean {
  if (path === base) return matches('');
  if (!isWithin(base, path)) return false;
  const below = relative(base, path);
  const folders = below.split('/').slice(0, -1);
  return (
    folders.length <= depth && !folders.some(isJunkFolder) && !isJunkFile(basename(path)) && matches(below)
  );
}

/** The links at and below the pattern's base, with their real targets. Each folder is walked under one name: there are circles. */
function linksOf({ base, depth }: Pattern, leavesOut: (path: string) => boolean): Map<string, string> {
  const links = new Map<string, string>();
  const walked = new Set<string>();
  const walk = (folder: string, level: number) => {
    const real = realOf(folder);
    if (real === null || walked.has(real)) return;
    walked.add(real);
    if (real !== folder && level === 0) links.set(folder, real);
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      const target = entry.isSymbolicLink() ? realOf(path) : null;
      if (target !== null) links.set(path, target);
      if (target === null && !entry.isDirectory()) continue;
      if (level < depth && !isJunkFolder(entry.name) && !leavesOut(path)) walk(path, level + 1);
    }
  };
  walk(base, 0);
  return links;
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** None of what is no folder. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * The kit: the files that runs depend on while they live (the hooks that their processes load, and the shim's script),
 * in a folder of their own. An update or a build of Upkeep replaces its package under the feet of running services, and
 * a Node process that starts at that moment would end for want of the hook in its NODE_OPTIONS.
 */
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFolder, readText, writeAtomic } from '../platform/files.ts';
import { monotonic } from '../platform/monotonic.ts';
import type { WorkspacePaths } from '../platform/paths.ts';
import type { Processes } from '../platform/proc.ts';
import { runtimeFolder } from '../platform/runtime-folder.ts';
import type { Hooks } from './exact/hooks.ts';

/** What is in it; the build puts it into the daemon's bundle, so that both are always of the same version. */
export interface KitContent {
  /** Of the texts, 16 hex digits: each content has a folder of its own. */
  hash: string;
  /** By path inside the folder. */
  texts: Record<string, string>;
}

export interface Kit {
  shimScript: string;
  /** Puts back what is missing. A hook that is null could not be put there, and must not be asked for. */
  putBack(): Hooks;
}

/** `RUBYOPT` is parted by blanks and `PYTHONPATH` by colons, and neither knows quoting. */
const UNQUOTABLE = /[\s:]/;

/**
 * Where the kits of a workspace are. `id`: its mark. Throws UserError as runtimeFolder does. Root's are never beside
 * the sockets, where nobody else can enter: some languages then go without a hook.
 */
export function kitsFolder({ own }: WorkspacePaths, id: string): string {
  return UNQUOTABLE.test(own) && !isRoot() ? join(runtimeFolder(), `${id}.kit`) : join(own, 'kit');
}

export function openKit(kits: string, { hash, texts }: KitContent): Kit {
  const folder = join(kits, hash);
  const whole = new Map<string, string>();
  const present = (name: string) => {
    const path = join(folder, name);
    const stamp = stampOf(path);
    if (stamp === null) return null;
    if (whole.get(name) === stamp) return path;
    if (readText(path) !== texts[name]) return null;
    whole.set(name, stamp);
    return path;
  };
  return {
    shimScript: join(folder, 'shim.sh'),
    putBack() {
      for (const [name, text] of Object.entries(texts)) {
        if (present(name) === null) place(kits, join(folder, name), text);
      }
      const python = present('python/sitecustomize.py');
      return {
        node: present('hook.cjs'),
        languages: {
          python: python === null || present('python/_upkeep_report.py') === null ? null : dirname(python),
          ruby: present('ruby/upkeep_report.rb'),
        },
      };
    },
  };
}

/** A file's times are those of the kernel's last tick, at most 10 ms ago: a later change may look the same until then. */
const TICK_MS = 20;

/** What changes with each change of the file; never twice the same for one that is new. Null: it is not there. */
function stampOf(path: string): string | null {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    const isNew = Date.now() - ctimeMs < TICK_MS;
    return [dev, ino, size, mtimeMs, ctimeMs, isNew ? monotonic() : ''].join(' ');
  } catch {
    return null;
  }
}

/** Removes the kits of other versions, but for those that a living process may still load. */
export function removeOldKits(kits: string, current: string, processes: Processes): void {
  const others = listFolder(kits).filter((name) => name !== current);
  if (others.length === 0) return;
  const used = [...processes.environments().values()].flatMap((variables) => [...variables.values()]);
  for (const name of others) {
    const folder = join(kits, name);
    if (!used.some((value) => value.includes(folder))) rmSync(folder, { recursive: true, force: true });
  }
}

/** As a whole or not at all: a process may be about to load it. */
function place(kits: string, path: string, text: string): void {
  const forAll = isRoot();
  try {
    mkdirSync(dirname(path), { recursive: true, mode: forAll ? 0o755 : 0o700 });
    if (forAll) chmodSync(dirname(kits), 0o711);
    writeAtomic(path, text, { mode: forAll ? 0o644 : 0o600 });
  } catch {
    // A full disk, a folder that belongs to somebody else: whoever needs it sees that it is not there.
  }
}

/** A service of root's may have become another user, who has to find its hook, but nothing else of ours. */
function isRoot(): boolean {
  return process.getuid?.() === 0;
}

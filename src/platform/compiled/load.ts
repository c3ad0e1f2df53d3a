/**
 * A bundle's code as V8 compiled it before: compiling is a third of what `status` takes beyond `node` itself.
 * Node can keep it by itself only from 22.8 on; `vm.Script` does on all (cachedData, v8::ScriptCompiler::CachedData).
 */
import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { runtimeFolder } from '../runtime-folder.ts';

export interface Loaded<Exports> {
  exports: Exports;
  /** The code to keep for the next time, and where; null when what was kept is good. */
  unkept: { script: Script; file: string } | null;
}

/** The last line of a bundle whose code may be kept: a hash of the rest. */
const SEAL = /\n\/\/([0-9a-f]{16})\n$/;

/** As `require` does, but for the cache of modules. Null when the code of this file cannot be kept. */
export function loadCompiled<Exports>(path: string): Loaded<Exports> | null {
  const text = readFileSync(path, 'utf8');
  const key = SEAL.exec(text.slice(-20))?.[1];
  const folder = keptFolder();
  if (key === undefined || folder === null) return null;
  const file = join(folder, `${basename(path)}-${key}-${process.versions.v8}-${process.arch}${flags()}`);
  const kept = readKept(folder, file);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${text}})`;
  // V8 refuses what another version of itself made.
  const script = new Script(wrapped, { filename: path, ...(kept !== null && { cachedData: kept }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom(dirname(path)), module, path, dirname(path));
  const isGood = kept !== null && script.cachedDataRejected === false;
  return { exports: module.exports as Exports, unkept: isGood ? null : { script, file } };
}

/** V8 refuses what was compiled under other flags of its own. */
function flags(): string {
  return process.execArgv.map((flag) => flag.replaceAll(/[^\w-]/g, '')).join('');
}

/** For bundles of ours. They ask for the same few modules of Node's again and again, and for files beside them. */
function requireFrom(folder: string): (name: string) => unknown {
  const known = new Map<string, unknown>();
  return (name) => {
    if (!known.has(name)) known.set(name, require(name.startsWith('.') ? join(folder, name) : name));
    return known.get(name);
  };
}

/** Beside the sockets: the folder that nobody else can write into. Null when it cannot be named. */
function keptFolder(): string | null {
  try {
    return join(runtimeFolder(), 'code');
  } catch {
    // The command itself says so, when it needs the folder.
    return null;
  }
}

/** What others could have written is code that would run as us. */
function readKept(folder: string, file: string): Buffer | null {
  try {
    const { uid, mode } = lstatSync(folder);
    const isPrivate = uid === process.getuid?.() && (mode & 0o170077) === 0o040000;
    return isPrivate ? readFileSync(file) : null;
  } catch {
    return null;
  }
}

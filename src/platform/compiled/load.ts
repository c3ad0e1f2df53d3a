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

/** What Node puts around a CommonJS module. A large bundle has it in its file: to put it there is to copy the whole. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';

/** As `require` does, but for the cache of modules. Null when it is for `require`: a file of another kind. */
export function loadCompiled<Exports>(path: string): Loaded<Exports> | null {
  const text = readFileSync(path, 'utf8');
  const key = SEAL.exec(text.slice(-20))?.[1];
  const folder = keptFolder();
  const isWrapped = text.startsWith(HEAD);
  if (key === undefined || (folder === null && !isWrapped)) return null;
  const name = `${basename(path)}-${key}-${process.versions.v8}-${process.arch}${flags()}`;
  const file = folder === null ? null : join(folder, name);
  const kept = file === null ? null : readKept(file);
  const wrapped = isWrapped ? text : `${HEAD}${text}})`;
  // V8 refuses what another version of itself made.
  const script = new Script(wrapped, { filename: path, ...(kept !== null && { cachedData: kept }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom(dirname(path)), module, path, dirname(path));
  const isGood = kept !== null && script.cachedDataRejected === false;
  return { exports: module.exports as Exports, unkept: isGood || file === null ? null : { script, file } };
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
function readKept(file: string): Buffer | null {
  try {
    const { uid, mode } = lstatSync(dirname(file));
    const isPrivate = uid === process.getuid?.() && (mode & 0o170077) === 0o040000;
    return isPrivate ? readFileSync(file) : null;
  } catch {
    return null;
  }
}

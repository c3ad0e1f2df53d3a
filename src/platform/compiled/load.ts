/**
 * A bundle's code as V8 compiled it before: compiling is a third of what `status` takes beyond `node` itself.
 * Node can keep it by itself only from 22.8 on; `vm.Script` does on all (cachedData, v8::ScriptCompiler::CachedData).
 */
import { lstatSync, readFile, readFileSync } from 'node:fs';
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

/**
 * What Node puts around a CommonJS module. A bundle for `loadMeanwhile` has it in its file: to put it there is to copy
 * the whole.
 */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';

/** As `require` does, but for the cache of modules. Null when it is for `require`: a file of another kind. */
export function loadCompiled<Exports>(path: string): Loaded<Exports> | null {
  const text = readFileSync(path, 'utf8');
  const key = sealOf(text);
  const file = key === null ? null : keptFile(path, key);
  if (file === null) return null;
  const { script, isGood } = compiled(path, `${HEAD}${text}})`, readKept(file));
  return { exports: evaluated(path, script), unkept: isGood ? null : { script, file } };
}

/**
 * The same of a wrapped bundle with this seal, for a program that has others to answer to: it is read while they are
 * answered, and there is a `pause` before each piece of the rest, which takes some ms. Rejects with an Error where the
 * file is missing or of another build.
 */
export async function loadMeanwhile<Exports>(
  path: string,
  key: string,
  pause: () => Promise<void>,
): Promise<Loaded<Exports>> {
  const file = keptFile(path, key);
  const [code, kept] = await Promise.all([read(path), file !== null && isPrivate(file) ? read(file) : null]);
  const text = code?.toString('latin1') ?? '';
  if (sealOf(text) !== key) throw new Error(`${path} is missing, or of another build`);
  await pause();
  const { script, isGood } = compiled(path, text, kept);
  await pause();
  return { exports: evaluated(path, script), unkept: isGood || file === null ? null : { script, file } };
}

function sealOf(text: string): string | null {
  return SEAL.exec(text.slice(-20))?.[1] ?? null;
}

/** Null where there is no folder for it. */
function keptFile(path: string, key: string): string | null {
  const folder = keptFolder();
  const name = `${basename(path)}-${key}-${process.versions.v8}-${process.arch}${flags()}`;
  return folder === null ? null : join(folder, name);
}

function compiled(path: string, wrapped: string, kept: Buffer | null): { script: Script; isGood: boolean } {
  // V8 refuses what another version of itself made.
  const script = new Script(wrapped, { filename: path, ...(kept !== null && { cachedData: kept }) });
  return { script, isGood: kept !== null && script.cachedDataRejected === false };
}

function evaluated<Exports>(path: string, script: Script): Exports {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom(dirname(path)), module, path, dirname(path));
  return module.exports as Exports;
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

function readKept(file: string): Buffer | null {
  try {
    return isPrivate(file) ? readFileSync(file) : null;
  } catch {
    return null;
  }
}

/** Null where it cannot be read. */
function read(file: string): Promise<Buffer | null> {
  return new Promise((resolve) => readFile(file, (error, bytes) => resolve(error === null ? bytes : null)));
}

/** Its folder. What others could have written is code that would run as us. */
function isPrivate(file: string): boolean {
  const folder = lstatSync(dirname(file), { throwIfNoEntry: false });
  return folder !== undefined && folder.uid === process.getuid?.() && (folder.mode & 0o170077) === 0o040000;
}

/** JSON with positions: where a key stands, and where exactly a syntax error is (JSON.parse tells neither on every Node). */
import { syntaxError } from '../problems.ts';
import { type Input, positionAt, type Source } from './source.ts';

interface JsonDocument {
  value: unknown;
  /** Offset of each key or element, by `JSON.stringify(path)`. */
  offsets: Map<string, number>;
}

class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

export function readJson(input: Input): Source {
  const { value, offsets } = parseInput(input);
  return { value, files: [input.file], lineOf: (path) => lineIn(input.text, offsets, path) };
}

/** The `upkeep` key of a package.json. */
export function readPackageJson(input: Input): Source {
  const { value, offsets } = parseInput(input);
  const own = (value as Record<string, unknown>).upkeep;
  return {
    value: own,
    files: [input.file],
    lineOf: (path) => lineIn(input.text, offsets, ['upkeep', ...path]),
  };
}

function parseInput({ shown, text }: Input): JsonDocument {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw syntaxError(shown, positionAt(text, error.offset), error.message);
  }
}

function lineIn(
  text: string,
  offsets: Map<string, number>,
  path: readonly (string | number)[],
): number | null {
  for (let length = path.length; length > 0; length--) {
    const offset = offsets.get(JSON.stringify(path.slice(0, length)));
    if (offset !== undefined) return positionAt(text, offset).line;
  }
  return null;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Throws JsonSyntaxError. */
function parseJson(source: string): JsonDocument {
  const text = source.replace(/^\uFEFF/, ' ');
  const offsets = new Map<string, number>();
  let at = 0;

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const fail = (message: string): never => {
    throw new JsonSyntaxError(message, at);
  };
  const unexpected = (wanted: string): never => {
    const char = text[at];
    if (char === undefined) return fail(`the file ends where ${wanted} should come`);
    if (text.startsWith('//', at) || text.startsWith('/*', at)) return fail('JSON has no comments');
    if (char === "'") return fail('JSON texts stand in double quotes');
    return fail(`expected ${wanted}, found "${char}"`);
  };

  const value = (path: (string | number)[]): unknown => {
    take(SPACE);
    if (text[at] === '{') return object(path);
    if (text[at] === '[') return array(path);
    if (text[at] === '"') return string('a text');
    const scalar = take(SCALAR);
    return scalar === null ? unexpected('a value') : JSON.parse(scalar);
  };
  const string = (wanted: string): string => {
    const start = at;
    const found = take(STRING);
    if (found === null && text[at] !== '"') return unexpected(wanted);
    try {
      return JSON.parse(found ?? '') as string;
    } catch {
      at = start;
      return fail('this text is not closed, or has a character that must be escaped');
    }
  };
  /** Members between an opening and a closing bracket, which stands at `at`. */
  const members = (close: string, member: (index: number) => void): void => {
    at++;
    take(SPACE);
    if (text[at] === close) {
      at++;
      return;
    }
    for (let index = 0; ; index++) {
      member(index);
      take(SPACE);
      if (text[at] === close) break;
      if (text[at] !== ',') unexpected(`"," or "${close}"`);
      at++;
      take(SPACE);
      if (text[at] === close) fail(`JSON has no comma before "${close}"`);
    }
    at++;
  };
  const object = (path: (string | number)[]): unknown => {
    const result: Record<string, unknown> = {};
    members('}', () => {
      const start = at;
      const key = string('a key in double quotes');
      const inner = [...path, key];
      if (Object.hasOwn(result, key)) {
        at = start;
        fail(`the key "${key}" stands here for the second time`);
      }
      offsets.set(JSON.stringify(inner), start);
      take(SPACE);
      if (text[at] !== ':') unexpected('":"');
      at++;
      const member = value(inner);
      Object.defineProperty(result, key, {
        value: member,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    });
    return result;
  };
  const array = (path: (string | number)[]): unknown => {
    const result: unknown[] = [];
    members(']', (index) => {
      take(SPACE);
      offsets.set(JSON.stringify([...path, index]), at);
      result.push(value([...path, index]));
    });
    return result;
  };

  const parsed = value([]);
  take(SPACE);
  if (at < text.length) unexpected('the end of the file');
  return { value: parsed, offsets };
}

/** The error in what a run printed last: what it is, and the place in the project that it came from. Pure. */
import { isInstalled } from '../loads/packages.ts';
import { plain } from '../logs/query.ts';
import { type Place, placeIn } from './places.ts';

export interface Found {
  type: string | null;
  message: string;
  place: Place | null;
}

/** `TypeError: x is not a function`, `Error [ERR_X]: …`, `pkg.errors.BadThing: …`, `ValueError` alone. */
const ERROR =
  /^(?:Uncaught |Unhandled |\[)?((?:[A-Za-z_]\w*\.)*\w*(?:Error|Exception|Interrupt|Exit)|DOMException)(?: \[(\w+)\])?(?:: (.*))?$/;
const ESBUILD = /^\/\S.*:\d+:\d+: ERROR: (.*)$/;
const RUBY = /^\/[^:]+:\d+:in .*?: (.*) \(([\w:]+)\)$/;
const PYTHON_START = 'Traceback (most recent call last):';
const NODE_STACK = /^\s+at /;
/** Lines below an error that may belong to its stack. */
const REACH = 60;

/** Null when nothing looks like an error. The last one counts: it is what ended the run. */
export function parseProblem(lines: readonly string[], root: string): Found | null {
  const texts = lines.map((line) => plain(line).trimEnd());
  return ofPython(texts, root) ?? ofRuby(texts, root) ?? ofNode(texts, root);
}

function ofNode(texts: string[], root: string): Found | null {
  const at = lastError(texts);
  if (at < 0) return null;
  const text = texts[at] as string;
  const [, name = '', code, rest] = ERROR.exec(text) ?? [];
  const built = ESBUILD.exec(texts.slice(at).find((each) => ESBUILD.test(each)) ?? text)?.[1];
  const message = built ?? (rest === undefined || rest === '' ? (name === '' ? text : name) : rest);
  return {
    type: name === '' ? null : code === undefined ? name : `${name} [${code}]`,
    message,
    place: nodePlace(texts, at, root),
  };
}

/** An error with a stack or a place beats one that is only spoken of. */
function lastError(texts: string[]): number {
  const all = texts.flatMap((text, number) => (ERROR.test(text) || ESBUILD.test(text) ? [number] : []));
  const shown = all.filter(
    (number) => NODE_STACK.test(texts[number + 1] ?? '') || ESBUILD.test(texts[number] ?? ''),
  );
  return shown.at(-1) ?? all.at(-1) ?? -1;
}

/** Of the stack below, the first frame in the project; of a syntax error the place that stands above it. */
function nodePlace(texts: string[], at: number, root: string): Place | null {
  const own = places(texts.slice(at, at + REACH)).filter((place) => isOwn(place, root));
  const head = places(texts.slice(Math.max(0, at - 8), at))
    .filter((place) => isOwn(place, root))
    .at(-1);
  const isSyntax = /^(?:Uncaught )?(?:SyntaxError|TransformError)/.test(texts[at] ?? '');
  const [first] = own;
  if (head !== undefined && (isSyntax || first === undefined)) return head;
  return first ?? null;
}

function ofPython(texts: string[], root: string): Found | null {
  const start = texts.lastIndexOf(PYTHON_START);
  if (start < 0) return null;
  const error = texts.findIndex((text, number) => number > start && /^\S/.test(text) && ERROR.test(text));
  if (error < 0) return null;
  const [, name = '', , rest = ''] = ERROR.exec(texts[error] as string) ?? [];
  const stack = places(texts.slice(start, error));
  return {
    type: name,
    message: rest === '' ? name : rest,
    // Python tells the innermost frame last.
    place: stack.filter((place) => isOwn(place, root)).at(-1) ?? null,
  };
}

function ofRuby(texts: string[], root: string): Found | null {
  const at = texts.findLastIndex((text) => RUBY.test(text));
  if (at < 0) return null;
  const [, message = '', type = ''] = RUBY.exec(texts[at] as string) ?? [];
  const place = places(texts.slice(at, at + REACH)).find((each) => isOwn(each, root)) ?? null;
  return { type, message, place };
}

function places(texts: string[]): Place[] {
  return texts.flatMap((text) => placeIn(text) ?? []);
}

function isOwn({ file }: Place, root: string): boolean {
  return file.startsWith(`${root}/`) && !isInstalled(file) && !/\/(?:site-packages|gems)\//.test(file);
}

/** The npm scripts, put into a package.json without touching anything else in it. */
import { applyEdits, type EditResult, modify } from 'jsonc-parser';
import { problemsError } from '../problems.ts';
import { readJson } from '../read/json.ts';
import type { Fields } from './draft.ts';

/** The script that starts everything. */
export const START_SCRIPT = 'start:daemon';

const SCRIPTS = {
  [START_SCRIPT]: 'upkeep start',
  'start:daemon:bg': 'upkeep start --no-wait',
  'stop:daemon': 'upkeep stop',
  'daemon:status': 'upkeep status',
  'daemon:restart': 'upkeep restart',
  'daemon:logs': 'upkeep logs',
};

interface AddedScripts {
  text: string;
  added: string[];
  /** Names that the project has given to something else. */
  kept: string[];
}

/** Existing scripts stay as they are. Throws UserError for a text that is no JSON, or has no place for them. */
export function addScripts(source: string): AddedScripts {
  const existing = scriptsIn(source);
  const there = (name: string) => existing !== null && Object.hasOwn(existing, name);
  const entries = Object.entries(SCRIPTS);
  const missing = entries.filter(([name]) => !there(name));
  return {
    text: insert(source, missing, existing === null),
    added: missing.map(([name]) => name),
    kept: entries
      .filter(([name, script]) => there(name) && existing?.[name] !== script)
      .map(([name]) => name),
  };
}

/** null: there are none, and nothing to keep of what stands there. */
function scriptsIn(source: string): Fields | null {
  const { value: root, lineOf } = readJson({ file: 'package.json', shown: 'package.json', text: source });
  const refuse = (path: string[], found: unknown) => {
    const message = `expected an object, found ${Array.isArray(found) ? 'a list' : JSON.stringify(found)}`;
    return problemsError('package.json', [{ path, message, hint: 'the npm scripts go there' }], lineOf);
  };
  if (!isObject(root)) throw refuse([], root);
  const scripts = root.scripts ?? null;
  if (scripts !== null && !isObject(scripts)) throw refuse(['scripts'], scripts);
  return scripts;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function insert(source: string, scripts: [string, string][], whole: boolean): string {
  // What edits JSON in place knows no byte order mark.
  const body = source.replace(/^\uFEFF/, '');
  const unit = /\n([ \t]+)"/.exec(body)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !unit.startsWith('\t'),
    tabSize: unit.length,
    eol: body.includes('\r\n') ? '\r\n' : '\n',
  };
  const place = whole ? applyEdits(body, emptyScripts(body, `${formattingOptions.eol}${unit}`)) : body;
  const edited = scripts.reduce(
    (text, [name, script]) =>
      applyEdits(text, modify(text, ['scripts', name], script, { formattingOptions })),
    place,
  );
  return `${source.slice(0, source.length - body.length)}${edited}`;
}

/** A new key comes on a line of its own: that of the key before it would be formatted anew as well. */
function emptyScripts(body: string, newLine: string): EditResult {
  return modify(body, ['scripts'], {}, {}).map((edit) => ({
    ...edit,
    content: edit.content.replace('"', `${newLine}"`),
  }));
}

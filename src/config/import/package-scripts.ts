/** The npm scripts, put into a package.json without touching anything else in it. */
import { type JsonDocument, parseJson } from '../read/json.ts';

const SCRIPTS = {
  'start:daemon': 'upkeep start',
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

/** Existing scripts stay as they are. Throws JsonSyntaxError. */
export function addScripts(source: string): AddedScripts {
  const document = parseJson(source);
  const root = document.value as { scripts?: Record<string, unknown> };
  const existing = root.scripts ?? {};
  const entries = Object.entries(SCRIPTS);
  const missing = entries.filter(([name]) => !Object.hasOwn(existing, name));
  const kept = entries.filter(([name, script]) => Object.hasOwn(existing, name) && existing[name] !== script);
  return {
    text: missing.length === 0 ? source : insert(source, document, missing),
    added: missing.map(([name]) => name),
    kept: kept.map(([name]) => name),
  };
}

function insert(source: string, document: JsonDocument, scripts: [string, string][]): string {
  const newline = source.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)"/.exec(source)?.[1] ?? '  ';
  const lines = scripts.map(
    ([name, script]) => `${unit}${unit}${JSON.stringify(name)}: ${JSON.stringify(script)}`,
  );
  const block = lines.join(`,${newline}`);
  const { scripts: existing } = document.value as { scripts?: Record<string, unknown> };
  const last = Object.keys(existing ?? {}).pop();
  if (last !== undefined) {
    const end = document.ends.get(JSON.stringify(['scripts', last])) as number;
    return `${source.slice(0, end)},${newline}${block}${source.slice(end)}`;
  }
  const object = `{${newline}${block}${newline}${unit}}`;
  const end = document.ends.get('["scripts"]');
  if (end !== undefined)
    return `${source.slice(0, source.lastIndexOf('{', end))}${object}${source.slice(end)}`;
  const lastKey = Object.keys(document.value as object).pop();
  if (lastKey === undefined) return `{${newline}${unit}"scripts": ${object}${newline}}${newline}`;
  const after = document.ends.get(JSON.stringify([lastKey])) as number;
  return `${source.slice(0, after)},${newline}${unit}"scripts": ${object}${source.slice(after)}`;
}

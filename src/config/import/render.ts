/** A configuration as the program text that a person would have written. */
import type { Service } from '../types.ts';

export type ModuleKind = 'esm' | 'commonjs';

const WIDTH = 100;

export function renderConfig(services: Record<string, Service>, kind: ModuleKind): string {
  const shortest = Object.fromEntries(Object.entries(services).map(([name, one]) => [name, shorthand(one)]));
  const config = `defineConfig({\n  services: {\n${members(shortest, 4).join('\n')}\n  },\n});\n`;
  return kind === 'esm'
    ? `import { defineConfig } from 'upkeep';\n\nexport default ${config}`
    : `const { defineConfig } = require('upkeep');\n\nmodule.exports = ${config}`;
}

/** `{ command: 'x' }` alone is written as `'x'`. */
function shorthand(service: Service): unknown {
  const { command } = service;
  return typeof command === 'string' && Object.keys(service).length === 1 ? command : service;
}

function members(value: object, indent: number): string[] {
  const pad = ' '.repeat(indent);
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${pad}${property(key)}: ${literal(one, indent, key.length + 3)},`);
}

function literal(value: unknown, indent: number, before: number): string {
  const inline = onOneLine(value);
  if (typeof value !== 'object' || value === null || indent + before + inline.length < WIDTH) return inline;
  const pad = ' '.repeat(indent);
  if (!Array.isArray(value)) return `{\n${members(value, indent + 2).join('\n')}\n${pad}}`;
  return `[\n${value.map((one) => `${pad}  ${literal(one, indent + 2, 1)},`).join('\n')}\n${pad}]`;
}

function onOneLine(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, one]) => `${property(key)}: ${onOneLine(one)}`).join(', ')} }`;
}

function property(key: string): string {
  // A plain __proto__ would set the prototype.
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return text.includes("'") && !text.includes('"')
    ? JSON.stringify(text)
    : `'${escaped.replaceAll("'", "\\'")}'`;
}

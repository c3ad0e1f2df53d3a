/** Writes the table of docs/configuration.md from the schema: npx jiti tools/config-docs.ts */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alternatives, configJsonSchema, type JsonSchema } from '../src/config/json-schema.ts';

export const DOCUMENT = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const START = '<!-- generated from the schema by tools/config-docs.ts -->';
const END = '<!-- end of the generated part -->';

/** The document with its generated part as the schema has it now. */
export function withTables(document: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start === -1 || end === -1) throw new Error(`docs/configuration.md has no "${START}" and "${END}"`);
  return `${document.slice(0, start + START.length)}\n\n${tables()}\n\n${document.slice(end)}`;
}

function tables(): string {
  const root = configJsonSchema();
  const { services, ...whole } = root.properties ?? {};
  const service = alternatives((services?.additionalProperties ?? {}) as JsonSchema, root).find(
    ({ properties }) => properties !== undefined,
  );
  const first = ['command', 'port', 'ports'];
  const keys = Object.entries(service?.properties ?? {}).sort(([a], [b]) => rank(a, first) - rank(b, first));
  return [
    '### The whole',
    '',
    table(
      Object.entries({ ...whole, services }).flatMap(([key, schema]) => row(key, schema as JsonSchema, root)),
    ),
    '',
    '### A service',
    '',
    table(keys.flatMap(([key, schema]) => [...row(key, schema, root), ...innerRows(key, schema, root)])),
  ].join('\n');
}

function rank(key: string, first: string[]): number {
  return first.includes(key) ? first.indexOf(key) : first.length;
}

function table(rows: string[]): string {
  return ['| Key | Value | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function row(key: string, schema: JsonSchema, root: JsonSchema): string[] {
  const meaning = (schema.description ?? '').replaceAll('|', '\\|');
  return [`| \`${key}\` | ${valueText(schema, root)} | ${defaultText(schema)} | ${meaning} |`];
}

/** The keys of the object that the key may hold: `ready.http`, `dependsOn[].condition`. */
function innerRows(key: string, schema: JsonSchema, root: JsonSchema): string[] {
  return alternatives(schema, root).flatMap((one) => {
    const inList = one.items !== undefined;
    const holders = inList ? alternatives(one.items as JsonSchema, root) : [one];
    return holders.flatMap((holder) =>
      Object.entries(holder.properties ?? {}).flatMap(([name, inner]) =>
        row(`${key}${inList ? '[]' : ''}.${name}`, inner, root),
      ),
    );
  });
}

function valueText(schema: JsonSchema, root: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.endsWith('Duration') ? 'duration' : 'size';
  if (schema.anyOf !== undefined) {
    return [...new Set(schema.anyOf.map((one) => valueText(one, root)))].join(', ');
  }
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.type === 'array') return `list of ${plural(valueText(schema.items ?? {}, root))}`;
  return WORDS[String(schema.type)] ?? 'object';
}

const WORDS: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: '`true`, `false`',
};

function plural(word: string): string {
  return word
    .split(', ')
    .map((one) => `${one}s`)
    .join(' or ');
}

/** As a person would write it. */
function defaultText({ default: value, $ref }: JsonSchema): string {
  if (value === undefined) return '';
  if (typeof value !== 'number' || $ref === undefined) return `\`${JSON.stringify(value)}\``;
  if ($ref.endsWith('Size')) return `\`"${value / 1024 ** 2}MB"\``;
  return value % 1000 === 0 ? `\`"${value / 1000}s"\`` : `\`"${value}ms"\``;
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8')));
}

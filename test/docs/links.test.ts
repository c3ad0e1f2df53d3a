/** What the documents name exists: files, headings, scripts, commands, options. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { CommandDef } from 'citty';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { anchorsOf, codeOf, DOCUMENTS, type Document, ROOT } from './documents.ts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** Scripts that the examples give to a person's own project. */
const THEIRS = new Set(['dev', 'watch']);

const OPTIONS = new Map(
  await Promise.all(
    Object.keys(COMMANDS).map(async (name) => {
      const { default: command } = await import(`../../src/cli/commands/${name}.ts`);
      return [name, optionsOf(command as CommandDef)] as const;
    }),
  ),
);

function optionsOf({ args }: CommandDef): Set<string> {
  const known = Object.entries(args ?? {}).filter(([, arg]) => arg.type !== 'positional');
  return new Set([
    '--help',
    ...known.flatMap(([name, arg]) => {
      const words = [name, ...[arg.alias ?? []].flat()];
      const dashed = words.map((word) => (word.length === 1 ? `-${word}` : `--${word}`));
      return arg.type === 'boolean' ? [...dashed, `--no-${name}`] : dashed;
    }),
  ]);
}

/** `/somewhere/file.md#heading`, split; null for what is not in this repository. */
function targetOf(document: Document, link: string): { file: string; anchor: string | undefined } | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? document.name : relative(ROOT, join(ROOT, dirname(document.name), path));
  return { file, anchor };
}

/** Lines in which one of our commands is called, as the command and the words after it. */
function callsIn(line: string): { command: string; words: string[] }[] {
  const doors =
    /(?:^|[\s"(`])(?:npx upkeep|upkeep|node scripts\/server-daemon\.js)(?: -C \S+)? ([a-z]+)\b(?!<)([^|;)"#]*)/g;
  return [...line.matchAll(doors)].map(([, command = '', rest = '']) => ({
    command,
    words: rest.trim().split(/\s+/),
  }));
}

describe.each(DOCUMENTS)('$name', (document) => {
  const links = [...document.text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const code = codeOf(document);

  it('links to what exists', () => {
    const broken = links.filter((link) => {
      const target = targetOf(document, link);
      if (target === null) return false;
      if (!existsSync(join(ROOT, target.file))) return true;
      const other = DOCUMENTS.find(({ name }) => name === target.file);
      return target.anchor !== undefined && other !== undefined && !anchorsOf(other).has(target.anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const named = [...code.join('\n').matchAll(/\bnpm run (?:--\S+ )*([a-z][\w:]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !(name in scripts) && !THEIRS.has(name))).toEqual([]);
  });

  it('names commands and options that exist', () => {
    const unknown = code.flatMap(callsIn).flatMap(({ command, words }) => {
      const options = OPTIONS.get(command);
      if (options === undefined) return [command];
      const written = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
      return written.filter((word) => !options.has(word)).map((word) => `${command} ${word}`);
    });
    expect(unknown).toEqual([]);
  });

  it('names source files that exist', () => {
    const files = [
      ...document.text.matchAll(/\b(?:src|test|tools|examples)\/[\w-]+\/[\w./-]*\w\.(?:ts|mjs|js|sh)\b/g),
    ];
    const named = files.map(([file]) => file).filter((file) => !file.includes('NAME'));
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

it('every page is in the index, and every command in the README', () => {
  const index = DOCUMENTS.find(({ name }) => name === 'docs/README.md')?.text ?? '';
  const readme = DOCUMENTS.find(({ name }) => name === 'README.md')?.text ?? '';
  const pages = DOCUMENTS.map(({ name }) => name).filter((name) => /^docs\/(?!README)/.test(name));
  expect(pages.filter((name) => !index.includes(`(${name.slice('docs/'.length)})`))).toEqual([]);
  expect(Object.keys(COMMANDS).filter((name) => !readme.includes(`\`upkeep ${name}`))).toEqual([]);
});

/** What a person reads who has only the package: each command's page and its `--help` tell the same exit codes, and no page sends to sources that are not installed. */
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXITS } from '../../src/cli/exits.ts';
import { DOCUMENTS } from './documents.ts';

/** Pages for who works on Upkeep, and has the repository. */
const ABOUT_THE_SOURCES = ['architecture', 'dependencies', 'restart-policy'];

function page(command: string): string {
  return DOCUMENTS.find(({ name }) => name === `docs/${command}.md`)?.text ?? '';
}

/** The codes of "0 done, 1 it failed; 2 …". */
function codes(text: string): number[] {
  return [...text.matchAll(/(?:^|[,;] )(\d)\b/g)].map(([, code]) => Number(code));
}

it.each(Object.keys(COMMANDS))('%s: page and --help tell the same exit codes', (command) => {
  const [, told] = /^Exit codes: (.+(?:\n.+)*)/m.exec(page(command)) ?? [];
  expect(codes((told ?? '').replaceAll('\n', ' '))).toEqual(codes(EXITS[command] ?? ''));
  expect(codes(EXITS[command] ?? '')).toContain(0);
});

it('every exit code belongs to a command', () => {
  expect(Object.keys(EXITS)).toEqual(Object.keys(COMMANDS));
});

it('pages for users link to no source file', () => {
  const pages = DOCUMENTS.filter(
    ({ name }) => /^docs\//.test(name) && !ABOUT_THE_SOURCES.some((each) => name === `docs/${each}.md`),
  );
  const links = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\]\((?:\.\.\/)+(?:src|test|tools)\/[^)]*\)/g)].map(([link]) => `${name} ${link}`),
  );
  expect(links).toEqual([]);
});

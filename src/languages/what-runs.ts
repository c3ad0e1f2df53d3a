/** What a command line says about how its service loads its code. */
import type { ResolvedService } from '../contract/config.ts';
import { lastCommandFile } from '../platform/command-files.ts';
import { commandPrograms, type Program, preScripts } from '../platform/command-programs.ts';
import { lastKnown } from './language-of.ts';
import { lineOf, reloadsItself } from './reloads.ts';

export interface WhatRuns {
  /** Its last program, behind shells and npm scripts; null when it cannot be read. */
  program: Program | null;
  /** It takes care of edits itself. */
  reloads: boolean;
  /** What makes the code that it runs, before it runs; null: nothing that is known. */
  builder: string | null;
  /** What it runs directly before its program, where that may make the code of it; null: nothing. */
  before: string | null;
  /** The file that its program begins with, as its command names it: absolute; null: it names none. */
  entry: string | null;
}

/** Compilers and bundlers, which leave what they make in files. What only checks types makes nothing, what watches does not end. */
const BUILDERS =
  /^(?:tsc|vue-tsc|tspc|esbuild|swc|babel|rollup|rolldown|webpack|rspack|tsup|tsdown|unbuild|pkgroll|microbundle|sucrase|ncc build|parcel build|vite build|nest build|bun build)(?=\s|$)(?!.* (?:--noEmit|--watch|-w)(?=\s|$))/;

export function whatRuns(service: ResolvedService): WhatRuns {
  const { command, cwd, watch } = service;
  const programs = commandPrograms(command, cwd);
  const program = programs.at(-1) ?? null;
  const known = lastKnown(command, cwd);
  const reloads = program !== null && (reloadsItself(program) || known?.byItself === true);
  const before = [...preScripts(command, cwd), ...programs.slice(0, -1)];
  const isNode = known?.row.language === 'node';
  // Who names its sources has said what it is built from.
  const isOpen = isNode && watch.include.length === 0;
  const builder = isOpen ? before.find((each) => BUILDERS.test(lineOf(each))) : undefined;
  const last = isOpen ? before.at(-1) : undefined;
  return {
    program,
    reloads,
    builder: builder?.name ?? null,
    before: last === undefined ? null : lineOf(last),
    entry: last === undefined ? null : lastCommandFile(service),
  };
}

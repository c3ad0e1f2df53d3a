/** What was cleaned, in words. */
import { relative } from 'node:path';
import type { Cleaned, CleanFile, CleanProcess } from './clean.ts';

/** Longest command line shown, in characters. */
const COMMAND = 80;

export function cleanReport(root: string, cleaned: Cleaned, dry: boolean): string {
  const lines = [
    ...cleaned.processes.map((each) => processLine(each, dry)),
    ...cleaned.files.map((each) => fileLine(root, each, dry)),
    ...cleaned.notes,
  ];
  if (cleaned.processes.length + cleaned.files.length === 0) {
    const rest = cleaned.daemonLives ? ' What the daemon runs is left alone; "upkeep stop" ends it.' : '';
    lines.unshift(`Nothing to clean.${rest}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function processLine({ pid, command, service, run, ending }: CleanProcess, dry: boolean): string {
  const of = run === null ? `the shim of ${service}` : `left by run ${run} of ${service}`;
  const who = `pid ${pid} (${(command ?? 'unknown').slice(0, COMMAND)}), ${of}`;
  if (dry) return `Would end ${who}`;
  switch (ending) {
    case 'killed':
      return `Killed ${who}: it ignored SIGTERM for 5 s`;
    case 'alive':
      return `Could not end ${who}: the kernel still holds it, look with "ps -o stat,wchan -p ${pid}"`;
    default:
      return `Ended ${who}`;
  }
}

function fileLine(root: string, { path, what, problem }: CleanFile, dry: boolean): string {
  const inside = relative(root, path);
  const shown = inside.startsWith('..') ? path : inside;
  if (problem !== null) return `Could not remove ${shown}, ${what}: ${problem}`;
  return `${dry ? 'Would remove' : 'Removed'} ${shown}, ${what}`;
}

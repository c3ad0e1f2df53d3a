/** The mark is taken over only from a record of this very folder, and from no other place. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DaemonRecord } from '../../src/contract/daemon-record.ts';
import { idOf } from '../../src/daemon/known-id.ts';
import { socketOf, workspaceId } from '../../src/platform/paths.ts';

const KNOWN = '0123456789abcdef';

function folder(): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-id-')));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

function before(workspace: string | undefined, socket: string): DaemonRecord {
  const process = { pid: 1, start: 1 };
  return { process, boot: 'b', socket, workspace, version: '0', protocol: 1, startedAt: 'now' };
}

it('is that of the daemon before, where that was of this folder', () => {
  const here = folder();
  expect(idOf(here, before(here, socketOf(KNOWN)))).toBe(KNOWN);
});

it.each<[string, (here: string) => unknown]>([
  ['there was none', () => null],
  ['the record holds something else', () => 'else'],
  ['the record holds numbers', (here) => ({ workspace: here, socket: 7 })],
  ['it was of an earlier version', () => before(undefined, socketOf(KNOWN))],
  ['the folder was moved or copied', () => before('/elsewhere', socketOf(KNOWN))],
  ['its socket was elsewhere', (here) => before(here, `/elsewhere/${KNOWN}.sock`)],
  ['its socket has another kind of name', (here) => before(here, socketOf('../else'))],
])('is made anew where %s', (_, record) => {
  const here = folder();
  expect(idOf(here, record(here))).toBe(workspaceId(here));
});

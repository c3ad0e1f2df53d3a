import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenersOf, parseRow } from '../../src/platform/listen-table.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const REST = '00000000:00000000 00:00000000 00000000  1000        0';
const LISTENING = `   0: 0100007F:0BB8 00000000:0000 0A ${REST} 52911 1 0000000000000000 100 0 0 10 0`;
const SIX = `   2: ${'0'.repeat(32)}:01BB ${'0'.repeat(32)}:0000 0A ${REST} 17 1`;
const CONNECTED = `   1: 0100007F:0BB8 0100007F:D2F0 01 ${REST} 52912 1 0000000000000000 20 4 30 10 -1`;

describe('a row', () => {
  it('that listens gives port and socket', () => {
    expect(parseRow(LISTENING)).toEqual({ port: 3000, socket: 'socket:[52911]' });
    expect(parseRow(SIX)).toEqual({ port: 443, socket: 'socket:[17]' });
  });

  it('of a connection is another thing than none at all', () => {
    expect(parseRow(CONNECTED)).toBe('other');
    expect(['', HEAD, ' 0: nonsense', '0: x y 0A'].map(parseRow)).toEqual([null, null, null, null]);
  });
});

describe('the table', () => {
  function tables(text: string): string {
    const proc = mkdtempSync(join(tmpdir(), 'upkeep-proc-'));
    onTestFinished(() => rmSync(proc, { recursive: true, force: true }));
    mkdirSync(join(proc, 'net'));
    writeFileSync(join(proc, 'net/tcp'), text);
    return proc;
  }

  it('is read to the first connection, whatever the lengths of lines and reads', () => {
    const proc = tables(`${[HEAD, LISTENING, SIX, LISTENING, CONNECTED, LISTENING].join('\n')}\n`);
    expect([...listenersOf(4, proc)].map(({ port }) => port)).toEqual([3000, 443, 3000]);
  });

  it('may be missing, as without IPv6', () => {
    expect([...listenersOf(6, tables(''))]).toEqual([]);
  });
});

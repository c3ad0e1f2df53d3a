/** Following a report that real writes fill, and everything that may stand in its place. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ReportLine } from '../../src/contract/report.ts';
import { followReport, type ReportFollower } from '../../src/loads/follow-report.ts';
import { LineReader } from '../../src/loads/lines.ts';
import { readReportFile } from '../../src/loads/read-report.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-report-'));
  path = join(folder, 'loaded');
  writeFileSync(path, '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (name: string) => `["read",1,"/app/${name}"]\n`;

function follow(onCut?: () => void): { follower: ReportFollower; seen: string[] } {
  const seen: string[] = [];
  const follower = followReport(path, (line: ReportLine) => void seen.push(String(line[2])), onCut);
  onTestFinished(() => follower.stop());
  return { follower, seen };
}

const files = (...names: string[]) => names.map((name) => `/app/${name}`);
const until = (seen: string[], ...names: string[]) => expect.poll(() => seen).toEqual(files(...names));

describe('following a report', () => {
  it('reads what is there, then what comes', async () => {
    appendFileSync(path, text('a'));
    const { seen } = follow();
    expect(seen).toEqual([]);
    await until(seen, 'a');
    appendFileSync(path, text('b') + text('c'));
    await until(seen, 'a', 'b', 'c');
  });

  it('waits for the rest of a line, and leaves out what is none', async () => {
    const { seen } = follow();
    appendFileSync(path, `garbage\n\n\0\xff{}[]\n["read",1,"/app/`);
    appendFileSync(path, Buffer.from([0xff, 0xfe, 0x22, 0x5d, 0x0a]));
    appendFileSync(path, text('ü').slice(0, 14));
    await expect.poll(() => seen.length).toBe(1);
    appendFileSync(path, `${text('ü').slice(14)}${'x'.repeat(40_000)}`);
    await expect.poll(() => seen.length).toBe(2);
    appendFileSync(path, `${text('lost')}${text('b')}`);
    await expect.poll(() => seen.slice(1)).toEqual(files('ü', 'b'));
  });

  it('reads at once when it is asked to, and nothing twice', async () => {
    const { follower, seen } = follow();
    appendFileSync(path, text('a'));
    follower.readNow();
    expect(seen).toEqual(files('a'));
    appendFileSync(path, text('b'));
    follower.readNow();
    follower.readNow();
    expect(seen).toEqual(files('a', 'b'));
    appendFileSync(path, text('c'));
    await until(seen, 'a', 'b', 'c');
  });

  it('goes on with a file that was removed, through the process that writes it', async () => {
    const writer = openSync(path, 'a');
    onTestFinished(() => closeSync(writer));
    const { seen } = follow();
    writeSync(writer, text('a'));
    await until(seen, 'a');
    rmSync(path);
    writeSync(writer, text('b'));
    await until(seen, 'a', 'b');
  });

  it('begins anew with a file that was emptied', async () => {
    const { seen } = follow();
    appendFileSync(path, text('a') + text('b'));
    await until(seen, 'a', 'b');
    truncateSync(path);
    appendFileSync(path, text('c'));
    await until(seen, 'a', 'b', 'c');
  });

  it('is never told anything where there is no file, or something else', () => {
    const read = () => readReportFile(path, folder);
    rmSync(path);
    expect(read()).toBeNull();
    const { follower } = follow();
    follower.readNow();
    spawnSync('mkfifo', [path]);
    expect(read()).toBeNull();
    rmSync(path);
    symlinkSync('/etc/passwd', path);
    expect(read()).toBeNull();
    rmSync(path);
    symlinkSync('.', path);
    expect(read()).toBeNull();
  });

  it('may be ended by a line', async () => {
    const seen: ReportLine[] = [];
    const follower = followReport(path, (line) => {
      seen.push(line);
      follower.stop();
    });
    appendFileSync(path, text('a') + text('b'));
    await expect.poll(() => seen.length).toBe(1);
    follower.readNow();
    follower.stop();
    expect(seen).toHaveLength(1);
    expect(openDescriptors(path)).toBe(0);
  });

  it('gives up on lines that no hook writes', async () => {
    appendFileSync(path, '["load",1,[[\n'.repeat(100_000) + text('late'));
    let cuts = 0;
    const { seen } = follow(() => cuts++);
    await expect.poll(() => cuts, { timeout: 10_000 }).toBe(1);
    expect(seen).toEqual([]);
    expect(readReportFile(path, folder)?.isCut).toBe(true);
  });

  it('gives up on 200 MB of garbage, and keeps nothing of it', async () => {
    // A hole: it takes no place on the disk.
    truncateSync(path, 200_000_000);
    appendFileSync(path, `\n${text('late')}`);
    let cuts = 0;
    const before = process.memoryUsage().rss;
    const { seen } = follow(() => cuts++);
    await expect.poll(() => cuts, { timeout: 10_000 }).toBe(1);
    expect(seen).toEqual([]);
    expect(openDescriptors(path)).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
    expect(readReportFile(path, folder)?.isCut).toBe(true);
  });
});

function openDescriptors(file: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === file;
    } catch {
      return false;
    }
  }).length;
}

it('finds the same lines however the bytes are cut', () => {
  const bytes = Buffer.from(['a', 'ü€', '', 'x'.repeat(50), '𝄞'].map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const lines: string[] = [];
      const reader = new LineReader((line) => lines.push(line));
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      places.slice(1).forEach((end, index) => void reader.push(bytes.subarray(places[index], end)));
      expect(lines).toEqual(['a', 'ü€', 'x'.repeat(50), '𝄞']);
    }),
  );
});

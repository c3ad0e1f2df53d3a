import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { UserError } from '../../src/contract/exit-codes.ts';
import {
  claimPrivateFolder,
  errorCode,
  readJson,
  readText,
  writeAtomic,
  writeJson,
} from '../../src/platform/files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-files-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

describe('writeAtomic', () => {
  it.each([0o000, 0o022, 0o077, 0o777])(
    'makes a file that only its owner may read and write, under umask %o',
    (mask) => {
      const before = process.umask(mask);
      onTestFinished(() => void process.umask(before));
      writeAtomic(join(root, 'a'), 'text');
      expect(mode(join(root, 'a'))).toBe(0o600);
      expect(readFileSync(join(root, 'a'), 'utf8')).toBe('text');
    },
  );

  it('replaces: whoever has the old one open reads on in it', () => {
    const path = join(root, 'a');
    writeAtomic(path, 'old');
    const { ino } = statSync(path);
    writeAtomic(path, 'new');
    expect(statSync(path).ino).not.toBe(ino);
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('does not write through a link: it takes its place', () => {
    writeFileSync(join(root, 'target'), 'kept');
    symlinkSync(join(root, 'target'), join(root, 'link'));
    writeAtomic(join(root, 'link'), 'new');
    expect(readFileSync(join(root, 'target'), 'utf8')).toBe('kept');
  });

  it('leaves what was there, and no rest, when it cannot be replaced', () => {
    const path = join(root, 'folder');
    mkdirSync(join(path, 'full'), { recursive: true });
    expect(() => writeAtomic(path, 'text')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(root)).toEqual(['folder']);
    expect(existsSync(join(path, 'full'))).toBe(true);
  });

  it('throws what the file system says', () => {
    try {
      writeAtomic(join(root, 'no', 'such', 'folder'), '');
      expect.unreachable();
    } catch (error) {
      expect(errorCode(error)).toBe('ENOENT');
    }
  });
});

describe('reading', () => {
  it.each(['', '{', 'undefined', '{"a":1}}', '\0'])('%j is no JSON, and no reason to fall over', (text) => {
    writeFileSync(join(root, 'a'), text);
    expect(readJson(join(root, 'a'))).toBeNull();
  });

  it('gives back what was written', () => {
    const value = { a: [1, null, 'ü'], b: { c: false } };
    writeJson(join(root, 'a'), value);
    expect(readJson(join(root, 'a'))).toEqual(value);
    expect(readText(join(root, 'a'))).toMatch(/\n$/);
  });

  it('is null where there is nothing to read', () => {
    expect([readText(join(root, 'a')), readJson(join(root, 'a')), readText(root)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('claimPrivateFolder', () => {
  it('makes one, and takes it again', () => {
    const path = join(root, 'a', 'b');
    claimPrivateFolder(path);
    claimPrivateFolder(path);
    expect(mode(path)).toBe(0o700);
  });

  it('makes it once more when it is removed in that moment', () => {
    const path = join(root, 'a');
    const looks = vi.spyOn(fs, 'lstatSync').mockImplementationOnce(() => {
      rmSync(path, { recursive: true });
      return undefined;
    });
    onTestFinished(() => {
      looks.mockRestore();
      syncBuiltinESMExports();
    });
    syncBuiltinESMExports();
    claimPrivateFolder(path);
    expect(looks).toHaveBeenCalled();
    expect(mode(path)).toBe(0o700);
  });

  it.each([0o755, 0o770, 0o701, 0o777])('refuses one with the mode %o', (bits) => {
    const path = join(root, 'open');
    mkdirSync(path);
    chmodSync(path, bits);
    expect(() => claimPrivateFolder(path)).toThrow(UserError);
    expect(mode(path), 'and does not change it').toBe(bits);
  });

  it('refuses a link, though it leads to a good one', () => {
    mkdirSync(join(root, 'good'), { mode: 0o700 });
    symlinkSync(join(root, 'good'), join(root, 'link'));
    expect(() => claimPrivateFolder(join(root, 'link'))).toThrow(/not a folder that only you can enter/);
  });

  it('refuses a link that leads nowhere, and a file: in words', () => {
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
    writeFileSync(join(root, 'file'), '');
    for (const name of ['dangling', 'file'])
      expect(() => claimPrivateFolder(join(root, name)), name).toThrow(UserError);
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
  });

  it('says so in words when a file stands on the way to it', () => {
    writeFileSync(join(root, 'file'), '');
    for (const path of [join(root, 'file', 'sub'), join(root, 'file', 'sub', 'sub')]) {
      expect(() => claimPrivateFolder(path), path).toThrow(UserError);
      expect(() => claimPrivateFolder(path), path).toThrow(
        `The folder ${path} for the daemon's socket cannot`,
      );
    }
  });

  it.skipIf(process.getuid?.() !== 0)("refuses another user's", async () => {
    const { chownSync } = await import('node:fs');
    const path = join(root, 'theirs');
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, 65_534, 65_534);
    expect(() => claimPrivateFolder(path)).toThrow(UserError);
  });
});

it('errorCode knows system errors from others', () => {
  expect([errorCode(new Error('x')), errorCode('ENOENT'), errorCode(null)]).toEqual([null, null, null]);
});

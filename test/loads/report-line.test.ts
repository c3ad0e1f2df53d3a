import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReportLine } from '../../src/loads/report-line.ts';

const parse = (...fields: unknown[]) => parseReportLine(JSON.stringify(fields));
const long = (length: number) => `/${'a'.repeat(length - 1)}`;

describe('a line of a report', () => {
  it.each([
    [['hello', 1.5, 4711, 'node', '22.15.0']],
    [['load', 1_700_000_000_000.25, '/app/a.js', null]],
    [['load', 1, '/app/a b/ü"\n.json', '/app/a.js']],
    [['missing', 1, './b', '/app/a.js']],
    [['missing', 1, 'lodash', null]],
    [['read', 1, '/app/template.html']],
    [['listening', 1]],
    [['quiet', 1, 7, 'npm']],
    [['control', 1, 7, '/app/.upkeep/runs/a/1/c']],
    [['gated', 1, 7, '3000/::']],
    [['attached', 1, 7, '3000/127.0.0.1']],
    [['uncaptured', 1, 7, 0, 'port 0']],
  ])('%j is understood', (fields) => {
    expect(parse(...fields)).toEqual(fields);
  });

  it.each([
    ['no array', '{"0":"load"}'],
    ['no JSON', '["load",1,"/app/a.js"'],
    ['empty', ''],
    ['a bare word', 'load'],
    ['an unknown kind', '["unload",1,"/app/a.js"]'],
    ['a kind of Object', '["constructor",1,"/a",null]'],
    ['longer than a hook writes', `["read",1,"/a"${' '.repeat(20_000)}]`],
    ['deep', '['.repeat(16_000)],
  ])('%s is none', (_, text) => {
    expect(parseReportLine(text)).toBeNull();
  });

  it.each([
    ['a relative path', 'app/a.js'],
    ['no path', 7],
    ['an empty path', ''],
    ['the root', '/'],
    ['a folder', '/app/'],
    ['a NUL', '/app/a\0.js'],
    ['a path over PATH_MAX', long(4_096)],
    ['a path over PATH_MAX in bytes', `/${'ü'.repeat(2_048)}`],
    ['an address', 'https://example.org/a.js'],
    ['a device', '/dev/zero'],
    ['a device by a detour', '/app/../dev/zero'],
    ['a process', '/proc/self/mem'],
  ])('%s is no file', (_, file) => {
    expect(parse('load', 1, file, null)).toBeNull();
    expect(parse('load', 1, '/app/a.js', file)).toBeNull();
    expect(parse('read', 1, file)).toBeNull();
  });

  it.each([[-1], [Number.MAX_VALUE], ['1'], [null], [{}]])('%j is no time', (at) => {
    expect(parse('listening', at)).toBeNull();
  });

  it('knows pids, languages, versions and reasons', () => {
    for (const pid of [0, -1, 1.5, 2 ** 31, '1']) expect(parse('hello', 1, pid, 'node', '20')).toBeNull();
    expect(parse('hello', 1, 1, 'perl', '5')).toBeNull();
    expect(parse('hello', 1, 1, 'node', 'v'.repeat(65))).toBeNull();
    expect(parse('quiet', 1, 1, 'x'.repeat(201))).toBeNull();
    // Nothing that is shown moves a terminal's cursor.
    for (const odd of ['a\x1b[2J', 'a\nb', 'a\x9bb']) {
      expect(parse('quiet', 1, 1, odd)).toBeNull();
      expect(parse('hello', 1, 1, 'node', odd)).toBeNull();
      expect(parse('uncaptured', 1, 1, 80, odd)).toBeNull();
    }
  });

  it('knows sockets and ports', () => {
    for (const socket of ['', '::', '3000', '0/::', '3000/', '3000/a b', 3000, `1/${':'.repeat(46)}`]) {
      expect(parse('gated', 1, 1, socket)).toBeNull();
      expect(parse('attached', 1, 1, socket)).toBeNull();
    }
    for (const port of [-1, 1.5, 65_536, '80', null]) expect(parse('uncaptured', 1, 1, port, 'x')).toBeNull();
    expect(parse('uncaptured', 1, 1, 80, '')).toBeNull();
    expect(parse('control', 1, 1, 'c')).toBeNull();
    expect(parse('control', 1, 0, '/c')).toBeNull();
  });

  it('takes a path of the greatest length, and makes paths normal', () => {
    expect(parse('read', 1, long(4_095))).toEqual(['read', 1, long(4_095)]);
    expect(parse('load', 1, '/app//x/../a.js', '/app/./b.js')).toEqual(['load', 1, '/app/a.js', '/app/b.js']);
  });

  it('never throws, and never lets through what is not bounded', () => {
    const value = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant('["load",1,"/a",null]'));
    fc.assert(
      fc.property(value, (text) => {
        const line = parseReportLine(text);
        if (line !== null) expect(JSON.stringify(line).length).toBeLessThan(32_768);
      }),
    );
    const fields = fc.array(
      fc.oneof(fc.jsonValue(), fc.constantFrom('load', 'read', 'hello', 1, '/a', 'node')),
    );
    fc.assert(fc.property(fields, (each) => void parseReportLine(JSON.stringify(each))));
  });
});

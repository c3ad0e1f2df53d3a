import { describe, expect, it } from 'vitest';
import { recognise } from '../../src/api/level.ts';

describe('the level of a line', () => {
  it.each([
    ['{"level":30,"time":1,"msg":"GET /"}', 'info'],
    ['{"level":50,"msg":"boom"}', 'error'],
    ['{"level":"warn","message":"slow"}', 'warn'],
    ['{"severity":"CRITICAL","message":"x"}', 'fatal'],
    ['[ERROR] no', 'error'],
    ['\u001b[31merror\u001b[39m: no', 'error'],
    ['2026-11-28T10:00:00Z WARN cache', 'warn'],
    ['10:00:00.123 [debug] x', 'debug'],
    ['[2026-11-28 10:00] [info] x', 'info'],
    ['time=1 level=warn msg="x"', 'warn'],
    ['INFO:     Uvicorn running', 'info'],
    ['npm ERR! code', 'error'],
    ['TypeError: x is not a function', 'error'],
    ['Error [ERR_X]: no', 'error'],
    ['Traceback (most recent call last):', 'error'],
  ])('%s', (text, level) => expect(recognise(text).level).toBe(level));

  it.each([
    'listening on 3000',
    'information for you',
    'error handling is on',
    'I warn you',
    '{"level":',
    '[1,2]',
    '',
    'Errors: 0',
  ])('none: %s', (text) => expect(recognise(text).level).toBeNull());
});

it('has the message of a JSON line', () => {
  expect(recognise('{"level":30,"msg":"hi"}').message).toBe('hi');
  expect(recognise('{"message":"hi"}')).toEqual({ level: null, message: 'hi' });
  expect(recognise('{"msg":5}').message).toBeNull();
});

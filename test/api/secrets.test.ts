import { describe, expect, it } from 'vitest';
import { mask, maskVariable } from '../../src/contract/mask.ts';

describe('a variable', () => {
  it.each([
    ['API_TOKEN', 'abc'],
    ['DB_PASSWORD', 'abc'],
    ['STRIPE_KEY', 'abc'],
    ['OPENAI_API_KEY', 'abc'],
    ['SESSION_SECRET', 'abc'],
    ['X', 'sk-live-123'],
    ['X', 'ghp_abcdef'],
    ['X', 'eyJhbGciOiJI.eyJzdWIiOiIx.sig'],
  ])('%s=%s is masked', (name, value) => expect(maskVariable(name, value)).toBe('***'));

  it.each([
    ['PORT', '3000'],
    ['NODE_ENV', 'development'],
    ['KEYBOARD', 'us'],
    ['API_TOKEN', ''],
    ['URL', 'http://localhost:3000/x'],
  ])('%s=%s is shown', (name, value) => expect(maskVariable(name, value)).toBe(value));
});

it.each([
  ['postgres://ada:hunter2@db/shop', 'postgres://***@db/shop'],
  ['node x.js --token=abc --port=3', 'node x.js --token=*** --port=3'],
  ['http://x/?api_key=abc&y=1', 'http://x/?api_key=***&y=1'],
])('%s', (text, shown) => expect(mask(text)).toBe(shown));

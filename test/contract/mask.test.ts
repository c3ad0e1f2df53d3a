import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, maskAll } from '../../src/contract/mask.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const secret = fc.stringMatching(/^[A-Za-z0-9+/_.~-]{8,40}$/).filter((each) => !each.startsWith('-'));
const name = fc.constantFrom(
  'API_KEY',
  'apiKey',
  'STRIPE_SECRET',
  'db.password',
  'GITHUB_TOKEN',
  'AUTH',
  'MY_KEY_2',
  'AWS_ACCESS_KEY_ID',
  'PASSWD',
);

/** Each way in which a secret stands in a text. */
const forms: [string, (name: string, secret: string) => string][] = [
  ['a variable', (n, s) => `${n}=${s}`],
  ['a quoted variable', (n, s) => `${n}="${s} ${s}"`],
  ['in single quotes', (n, s) => `${n}='${s}'`],
  ['JSON', (n, s) => JSON.stringify({ [n]: s })],
  ['a key of a program', (n, s) => `env: { ${n}: '${s}' }`],
  ['YAML', (n, s) => `${n}: ${s}`],
  ['an option', (n, s) => `node x.js --${n.toLowerCase().replaceAll(/[_.]/g, '-')} ${s} --port 3`],
  ['an option with =', (n, s) => `--${n}=${s}`],
  ['a first query', (n, s) => `http://localhost:3000/x?${n}=${s}&b=2`],
  ['a query', (n, s) => `http://localhost:3000/x?a=1&${n}=${s}&b=2`],
];

describe.each(forms)('a secret as %s', (_, form) => {
  it('is not shown, whatever stands around it', () => {
    fc.assert(
      fc.property(word, name, secret, word, (before, key, value, after) => {
        const text = `${before} ${form(key, value)} ${after}`;
        const masked = mask(text);
        expect(masked).not.toContain(value);
        expect(masked).toContain('***');
        expect(masked.startsWith(`${before} `) && masked.endsWith(` ${after}`)).toBe(true);
        expect(mask(masked)).toBe(masked);
      }),
    );
  });
});

it('in a url or a header is not shown', () => {
  expect(mask('postgres://ada:p@ss:w0rd@db:5432/x?y=1')).toBe('postgres://***@db:5432/x?y=1');
  expect(mask('https://ghp_abcdef@github.com/a/b')).toBe('https://***@github.com/a/b');
  expect(mask('Authorization: Bearer abc.def')).not.toContain('abc.def');
  expect(mask("curl -H 'X: Bearer abc.def'")).toBe("curl -H 'X: Bearer ***'");
});

it.each([
  'upkeep.config.js:3: unknown key: "prot"',
  'http://localhost:3000/health has no answer yet',
  'port 3000 is held by pid 4711 (node old.js --port 3000)',
  'src/a@b.ts changed (servers/web.js → engine/x.js)',
  'file:///home/ada/x.mjs:3',
  'exit 1, retry in 200 ms (2 of 5)',
  'auth: not ready after 5 s',
  'upkeep.config.json:4: services.auth.port: expected a number',
  'token-service: cannot be started: ENOENT',
  'session depends on auth: crashed',
  'KEYBOARD=us',
])('"%s" stays as it is', (text) => {
  expect(mask(text)).toBe(text);
});

it('what is masked once is not changed by masking it again', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(mask(mask(text))).toBe(mask(text));
    }),
  );
});

it('is taken out of data, whose other parts stay', () => {
  expect(maskAll({ a: ['TOKEN=abcdefgh', 3, null], b: { c: true } })).toEqual({
    a: ['TOKEN=***', 3, null],
    b: { c: true },
  });
});

/**
 * Secrets in what we say: a value that goes by a name like `API_KEY`, `--password` or `token`, or that stands in a url,
 * is shown as `***`. Applied where text leaves us: the journal, status, notes, messages, our own log. Never to what a
 * service prints: that is its own. Pure; masking twice changes nothing.
 */

const MASK = '***';

/** Anywhere in a name, as people write variables, options and keys. */
const SECRET = /token|secret|passw|passphrase|credential|auth|api-?key|private-?key|access-?key/i;
/** In `KEY=…` and `MY_KEY: …`, but not in `key: …`, which our own messages have. */
const KEY = /key/i;
const PART_KEY = /[_.-]key|key[_.-]|[a-z]Key/i;

/** `user:password@` of a url, which ends at the last `@` of its host part. */
const USERINFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#"'`]+@/gi;
/** RFC 6750, RFC 7617. */
const SCHEME = /\b(Bearer|Basic)([ \t]+)[\w.~+/=-]{4,}/g;
const VALUE = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^\s,;&"'\`)}\]]+`;
/** `NAME=value`, `"name": "value"`. */
const ASSIGNED = new RegExp(String.raw`(["'\`]?)([\w.-]+)\1([ \t]*[:=][ \t]*)(${VALUE})`, 'g');
/** `--name value`. */
const OPTION = new RegExp(String.raw`(--?)([\w-]+)([ \t]+)(?!-)(${VALUE})`, 'g');

export function isSecretName(name: string): boolean {
  return SECRET.test(name) || KEY.test(name);
}

export function mask(text: string): string {
  return text
    .replace(USERINFO, `$1${MASK}@`)
    .replace(SCHEME, `$1$2${MASK}`)
    .replace(ASSIGNED, (whole, quote: string, name: string, sign: string) => {
      const isSecret = SECRET.test(name) || (sign.includes('=') ? KEY : PART_KEY).test(name);
      return isSecret ? `${quote}${name}${quote}${sign}${MASK}` : whole;
    })
    .replace(OPTION, (whole, dashes: string, name: string, space: string) =>
      isSecretName(name) ? `${dashes}${name}${space}${MASK}` : whole,
    );
}

/** The same, for all text in plain data. */
export function maskAll<T>(value: T): T {
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map(maskAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskAll(each)])) as T;
}

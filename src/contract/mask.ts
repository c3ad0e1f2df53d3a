/**
 * Secrets in what we say: a value that goes by a name like `API_KEY`, `--password` or `token`, or that stands in a url,
 * is shown as `***`. Applied where text leaves us: the journal, status, notes, messages, the API, our own log. Never to
 * what a service prints: that is its own. Pure; masking twice changes nothing.
 */

export const MASK = '***';

/** Anywhere in a name, as people write variables, options and keys. */
const SECRET =
  /token|secret|passw|pwd|passphrase|credential|auth(?!or)|api-?key|private|access-?key|cookie|session|salt|signature|dsn/i;
/** In `KEY=…` and `MY_KEY: …`, but not in `key: …`, which our own messages have. */
const KEY = /(?:^|[_.-])key(?![a-z])|key[_.-]|[a-z]Key(?![a-z])/i;
const PART_KEY = /[_.-]key(?![a-z])|key[_.-]|[a-z]Key(?![a-z])/i;
/** By the marks that issuers give their keys and tokens, and JWTs. */
const ISSUED =
  /-----BEGIN [A-Z ]*PRIVATE KEY|(?<![\w-])(?:(?:sk|pk|rk)[-_](?:live|test|ant|proj)|gh[pousr]_|github_pat_|xox[abprs]-|AKIA[0-9A-Z]{12}|eyJ[\w-]+\.[\w-]+\.)[\w.~+/=-]*/g;

/** A service may be called `auth`, and what is said of it begins with its name: `auth: not ready after 5 s`. */
const SPOKEN_OF = /^[a-z][a-z\d.-]*$/;
const NOT_A_SECRET = /^[a-z]{1,12}$/;
const SURELY = /(?:^|[._-])(?:pass(?:word|wd|phrase)|pwd|secret|token|api-?key)$/i;

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

/** The value of a variable. */
export function maskVariable(name: string, value: string): string {
  return value !== '' && isSecretName(name) ? MASK : mask(value);
}

export function mask(text: string): string {
  const known = text.replace(USERINFO, `$1${MASK}@`).replace(SCHEME, `$1$2${MASK}`).replace(ISSUED, MASK);
  return maskAssigned(known).replace(OPTION, (whole, dashes: string, name: string, space: string) =>
    isSecretName(name) ? `${dashes}${name}${space}${MASK}` : whole,
  );
}

/** What is no secret's value may hold one: `http://localhost:3000/?token=…`. */
function maskAssigned(text: string): string {
  let masked = '';
  let from = 0;
  ASSIGNED.lastIndex = 0;
  for (let found = ASSIGNED.exec(text); found !== null; found = ASSIGNED.exec(text)) {
    const [whole, quote = '', name = '', sign = '', value = ''] = found;
    const valueAt = found.index + whole.length - value.length;
    if (isSecret(quote, name, sign, value)) {
      masked += text.slice(from, valueAt) + MASK;
      from = ASSIGNED.lastIndex;
    } else ASSIGNED.lastIndex = valueAt;
  }
  return masked + text.slice(from);
}

function isSecret(quote: string, name: string, sign: string, value: string): boolean {
  const isAssigned = sign.includes('=');
  if (!SECRET.test(name) && !(isAssigned ? KEY : PART_KEY).test(name)) return false;
  const maySpeakOfIt = !isAssigned && quote === '' && SPOKEN_OF.test(name) && !SURELY.test(name);
  return !(maySpeakOfIt && NOT_A_SECRET.test(value));
}

/** The same, for all text in plain data. */
export function maskAll<T>(value: T): T {
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map(maskAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskAll(each)])) as T;
}

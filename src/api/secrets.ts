/** Takes out of a configuration what nobody who looks over a shoulder, or an agent, has to see. Pure. */
import type { Command, ReadyCheck, ResolvedService } from '../contract/config.ts';

const MASK = '••••';
/** Names of variables and options whose values are secrets. */
const SECRET_NAME =
  /secret|token|passw|pwd|passphrase|api[-_]?key|access[-_]?key|private|credential|auth|cookie|session|salt|signature|dsn|(?:^|_)key$/i;
/** What is a secret whatever its name: keys and tokens by the marks that their issuers give them, and JWTs. */
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY|^(?:sk|pk|rk)[-_](?:live|test|ant|proj)|^gh[pousr]_|^github_pat_|^xox[abprs]-|^AKIA[0-9A-Z]{12}|^eyJ[\w-]+\.[\w-]+\./;
/** `scheme://user:password@`. */
const IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+@/gi;
/** `token=…` in a url or a command line, `--password …`. */
const ASSIGNED =
  /((?:secret|token|passw(?:or)?d|pwd|api[-_]?key|access[-_]?key)\w*["']?(?:=|\s*:\s*))[^\s&"']+/gi;
const OPTION = /^--?[\w-]*(?:secret|token|passw|pwd|api-?key)[\w-]*$/i;

export function withoutSecrets(service: ResolvedService): ResolvedService {
  return {
    ...service,
    command: maskCommand(service.command),
    env: Object.fromEntries(
      Object.entries(service.env).map(([name, value]) => [name, maskVariable(name, value)]),
    ),
    url: service.url === null ? null : maskText(service.url),
    ready: maskReady(service.ready),
  };
}

export function maskVariable(name: string, value: string): string {
  if (value === '') return value;
  return SECRET_NAME.test(name) || SECRET_VALUE.test(value) ? MASK : maskText(value);
}

export function maskText(text: string): string {
  return text.replace(IN_URL, `$1${MASK}@`).replace(ASSIGNED, `$1${MASK}`);
}

function maskCommand(command: Command): Command {
  if ('shell' in command) return { shell: maskText(command.shell) };
  return {
    argv: command.argv.map((word, number) =>
      OPTION.test(command.argv[number - 1] ?? '') || SECRET_VALUE.test(word) ? MASK : maskText(word),
    ),
  };
}

function maskReady(ready: ReadyCheck): ReadyCheck {
  if (ready.kind === 'http') return { ...ready, url: maskText(ready.url) };
  return ready.kind === 'command' ? { ...ready, command: maskText(ready.command) } : ready;
}

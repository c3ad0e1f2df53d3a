/** The systemd user unit of a workspace: systemd.service(5), systemd.unit(5) and the quoting of systemd.syntax(7). */
import { argvOf, type BootStart, startOf } from './start.ts';

export function unitText(start: BootStart): string {
  const { workspace, env } = start;
  return `# Written by "upkeep boot enable"; "upkeep boot disable" removes it.
[Unit]
Description=Upkeep, development servers of ${specifiers(oneLine(workspace))} (wanted ones)
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=simple
ExecStart=${argvOf(start).map(argument).join(' ')}
${Object.entries(env)
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}\n`)
  .join('')}# Only the guard is systemd's to end: daemon and services outlive it, and each other.
KillMode=process
OOMPolicy=continue
Restart=on-failure
RestartSec=1

[Install]
WantedBy=default.target
`;
}

/** Null when it is not one of ours. */
export function readUnit(text: string): BootStart | null {
  const lines = text.split('\n');
  const valuesOf = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const [command] = valuesOf('ExecStart');
  if (command === undefined) return null;
  const env = valuesOf('Environment')
    .flatMap(words)
    .map((word) => word.split('='));
  const argv = words(command).map((word) => word.replaceAll('$$', '$'));
  return startOf(argv, Object.fromEntries(env.map(([name = '', ...value]) => [name, value.join('=')])));
}

/** In a command line `$` begins a variable. */
function argument(word: string): string {
  return quoted(word.replaceAll('$', '$$$$'));
}

function quoted(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
    .replace(/[\x00-\x1f\x7f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${specifiers(escaped)}"`;
}

/** `%` begins a specifier, everywhere. */
function specifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

function oneLine(text: string): string {
  return text.replace(/\s/g, ' ');
}

/** The quoted words of a value, as `quoted` wrote them. */
function words(value: string): string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word
      .replaceAll('%%', '%')
      .replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, code: string | undefined, char: string | undefined) =>
        code === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
      ),
  );
}

/** The port that a source file listens on, when it stands there as a number. */
import { asPort } from './draft.ts';

/** What opens a port: `listen(`, `serve(`, `createServer(`, `new WebSocketServer(`, and Apollo's `listen: {`. */
const LISTENS = String.raw`\b(?:listen\s*:|(?:listen|serve|\w*[sS]erver)\s*\()\s*(?:[\w.]+\s*,\s*)?`;
/** `{ port: 3000`: by itself it is as well the port of a database that is asked. */
const OPTIONS = String.raw`\{[^{}]*?\bport\s*:\s*["']?(?<port>\d{2,5})\b`;

/** From the surest sign to the weakest. */
const SIGNS = [
  /\bPORT\b["'\])]*\s*(?:\|\||\?\?)\s*["']?(?<port>\d{2,5})\b/,
  /\.listen\s*\(\s*(?<port>\d{2,5})\b/,
  /\b(?:port|PORT)\s*=\s*(?:Number\s*\(\s*)?["']?(?<port>\d{2,5})\b/,
  new RegExp(LISTENS + OPTIONS),
  new RegExp(String.raw`\b(?<name>\w+)(?:\s*:\s*\w+)?\s*=\s*${OPTIONS}[^]*?${LISTENS}\k<name>\b`),
];

export function portInSource(source: string): number | null {
  return firstPort(source, SIGNS);
}

/** What stands in braces, two deep: another server's port may be in it (`proxy`, `hmr`). */
const NESTED = String.raw`(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*?`;
const VITE_SERVER = new RegExp(String.raw`\bserver\s*:\s*\{${NESTED}\bport\s*:\s*(?<port>\d{2,5})\b`);

/** The port of Vite's own server, as its configuration names it. */
export function portInViteConfig(source: string): number | null {
  return firstPort(source, [VITE_SERVER]);
}

const FLAGS = [/(?:^|\s)PORT=(?<port>\d{2,5})\b/, /(?:^|\s)(?:--port|-p)[= ](?<port>\d{2,5})(?=["')]|\s|$)/];

/** Their numbers are ports of a container or of the server that they ask, or no ports. */
const NOT_LISTENING =
  /(?:^|["'(])\s*(?:(?:\w+=\S*|sudo|exec|env|cross-env|time)\s+)*(?:\S*\/)?(?:(?:docker|podman)(?:-compose)?|nerdctl|mkdir|ssh|psql|pg_isready|redis-cli|mysql|wait-port)\s/;

/** Each program of the line for itself. */
export function portInCommand(command: string): number | null {
  const programs = command.split(/&&|\|\||[;|&\n]|["']\s+["']/);
  return firstPort(programs.filter((program) => !NOT_LISTENING.test(program)).join('\n'), FLAGS);
}

function firstPort(source: string, signs: RegExp[]): number | null {
  for (const sign of signs) {
    const port = asPort(sign.exec(source)?.groups?.port);
    if (port !== null) return port;
  }
  return null;
}

/** A quoted `/health`, `GET /healthz` or the like: a route to ask for readiness. */
export function healthInSource(source: string): string | null {
  return (
    /["'`](?:GET )?(\/(?:api\/)?(?:health|healthz|healthcheck|ready|readyz))["'`]/.exec(source)?.[1] ?? null
  );
}

/** The port that a source file listens on, when it stands there as a number. */
import { asPort } from './draft.ts';

/** From the surest sign to the weakest. */
const SIGNS = [
  /\bPORT\b["'\])]*\s*(?:\|\||\?\?)\s*["']?(\d{2,5})\b/,
  /\.listen\s*\(\s*(\d{2,5})\b/,
  /\b(?:port|PORT)\s*[:=]\s*(?:Number\s*\(\s*)?["']?(\d{2,5})\b/,
  /\blisten\s*\(\s*\{[^}]*\bport\s*:\s*(\d{2,5})\b/,
];

export function portInSource(source: string): number | null {
  return firstPort(source, SIGNS);
}

const FLAGS = [/(?:^|\s)PORT=(\d{2,5})\b/, /(?:^|\s)(?:--port|-p)[= ](\d{2,5})\b/];

export function portInCommand(command: string): number | null {
  return firstPort(command, FLAGS);
}

function firstPort(source: string, signs: RegExp[]): number | null {
  for (const sign of signs) {
    const port = asPort(sign.exec(source)?.[1]);
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

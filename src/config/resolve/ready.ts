/** How a service tells that it is ready. */
import type { ReadyCheck } from '../../contract/config.ts';
import { DEFAULTS } from '../defaults.ts';
import { toMs } from '../units.ts';
import type { ReadyParts } from './merge.ts';
import type { Report } from './report.ts';

const CHECKS = ['port', 'http', 'log', 'command', 'delay'] as const;

export function resolveReady(ready: ReadyParts, ports: number[], report: Report): ReadyCheck {
  const byDefault: ReadyCheck =
    ports[0] === undefined ? { kind: 'started' } : { kind: 'port', port: ports[0] };
  const written = CHECKS.filter((check) => ready[check] !== undefined);
  if (written.length > 1) {
    report(['ready'], `${written.join(' and ')} exclude each other: one check decides`);
    return byDefault;
  }
  if (ready.status !== undefined && ready.http === undefined) {
    report(['ready', 'status'], 'goes with http only');
  }
  if (ready.interval !== undefined && ready.command === undefined) {
    report(['ready', 'interval'], 'goes with command only');
  }
  if (ready.shorthand === 'started') return { kind: 'started' };
  if (ready.shorthand === 'port' && ports[0] === undefined) {
    report(['ready'], '"port" needs a port', 'add `port`, or write { port: 3000 } here');
  }
  return checkOf(ready, ports, report) ?? byDefault;
}

function checkOf(ready: ReadyParts, ports: number[], report: Report): ReadyCheck | null {
  if (ready.port !== undefined) return { kind: 'port', port: ready.port };
  if (ready.http !== undefined) {
    const url = resolveUrl(ready.http, ports, (message, hint) => report(['ready', 'http'], message, hint));
    const status = ready.status === undefined ? [] : [ready.status].flat();
    return url === null ? null : { kind: 'http', url, status };
  }
  if (ready.log !== undefined) return logCheck(ready.log, report);
  if (ready.command !== undefined) {
    const interval = ready.interval === undefined ? DEFAULTS.readyInterval : toMs(ready.interval);
    return { kind: 'command', command: ready.command, interval };
  }
  return ready.delay === undefined ? null : { kind: 'delay', ms: toMs(ready.delay) };
}

/** A whole http(s) url, or a path on the first port. */
export function resolveUrl(
  text: string,
  ports: number[],
  report: (message: string, hint?: string) => void,
): string | null {
  if (text.startsWith('/')) {
    if (ports[0] !== undefined) return `http://localhost:${ports[0]}${text}`;
    report(`the path "${text}" needs a port`, 'add `port`, or write the whole url');
    return null;
  }
  if (/^https?:\/\/[^/]/.test(text) && canParse(text)) return text;
  report(`expected a path like "/health" or an http(s) url, got ${JSON.stringify(text)}`);
  return null;
}

function canParse(url: string): boolean {
  try {
    return new URL(url) instanceof URL;
  } catch {
    return false;
  }
}

function logCheck(written: string | RegExp, report: Report): ReadyCheck | null {
  const { pattern, flags } =
    typeof written === 'string' ? delimited(written) : { pattern: written.source, flags: written.flags };
  // g and y carry a position from line to line, which would skip matches.
  const kept = flags.replace(/[gy]/g, '');
  try {
    new RegExp(pattern, kept);
    return { kind: 'log', pattern, flags: kept };
  } catch (error) {
    report(['ready', 'log'], (error as Error).message.replace(/^Invalid/, 'invalid'));
    return null;
  }
}

/** `/text/i` has flags; `/var/run` is a text that happens to have two slashes. */
function delimited(text: string): { pattern: string; flags: string } {
  const [, pattern, flags] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text) ?? [];
  return pattern === undefined || flags === undefined ? { pattern: text, flags: '' } : { pattern, flags };
}

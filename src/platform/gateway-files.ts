/** What the gateway and those who look for it leave for each other in `.upkeep`, for this user's eyes only. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessId } from '../contract/process-id.ts';
import {
  claimOwnFolder,
  listFolder,
  makePrivateFolder,
  readJson,
  readText,
  writeAtomic,
  writeJson,
} from './files.ts';
import { workspacePaths } from './paths.ts';

/** Who serves the workspace over HTTP. Stays when it has ended: the next one takes the same port if it can. */
export interface GatewayRecord {
  process: ProcessId;
  boot: string;
  port: number;
  version: string;
  /** ISO 8601. */
  startedAt: string;
}

/** ms that a one-time link is good for. */
export const LINK_LIFE = 120_000;
const SECRET_BYTES = 32;

function paths(root: string) {
  const { own } = workspacePaths(root);
  return {
    own,
    record: join(own, 'gateway.json'),
    token: join(own, 'gateway.token'),
    links: join(own, 'links'),
  };
}

export function gatewayLog(root: string): string {
  return join(paths(root).own, 'gateway.log');
}

export function tokenFile(root: string): string {
  return paths(root).token;
}

export function readGateway(root: string): GatewayRecord | null {
  const value = readJson(paths(root).record);
  const isRecord = typeof value === 'object' && value !== null && 'port' in value && 'process' in value;
  return isRecord ? (value as GatewayRecord) : null;
}

export function writeGateway(root: string, record: GatewayRecord): void {
  writeJson(paths(root).record, record);
}

/** The workspace's token: made at the first use. One that others could have read is replaced. */
export function gatewayToken(root: string): string {
  const { own, token } = paths(root);
  const stats = statSync(token, { throwIfNoEntry: false });
  const isPrivate =
    stats !== undefined && (stats.mode & 0o077) === 0 && stats.uid === (process.getuid?.() ?? stats.uid);
  const known = isPrivate ? readText(token)?.trim() : undefined;
  if (known !== undefined && /^[\w-]{40,}$/.test(known)) return known;
  claimOwnFolder(own);
  const made = randomBytes(SECRET_BYTES).toString('base64url');
  writeAtomic(token, `${made}\n`);
  return made;
}

/** A secret of its own for each use: who has one has no other. */
export function derived(token: string, use: 'cookie' | 'key'): string {
  return createHmac('sha256', token).update(`upkeep ${use}`).digest('base64url');
}

/** Makes a one-time code: only its hash is written down. Throws UserError: see `claimOwnFolder`. */
export function makeLink(root: string, now: number): string {
  const { own, links } = paths(root);
  claimOwnFolder(own);
  makePrivateFolder(links);
  forgetOldLinks(links, now);
  const code = randomBytes(SECRET_BYTES).toString('base64url');
  writeFileSync(join(links, hash(code)), String(now + LINK_LIFE), { mode: 0o600, flag: 'wx' });
  return code;
}

/** True once for a code that is not too old. */
export function useLink(root: string, code: string, now: number): boolean {
  const { links } = paths(root);
  const file = join(links, hash(code));
  try {
    const until = Number(readFileSync(file, 'utf8'));
    // Of two that use it at once, one removes it: the other one fails here.
    rmSync(file);
    return now < until;
  } catch {
    return false;
  }
}

/** ms for which one of the links that were made is still good; 0: none is. */
export function linksGoodFor(root: string, now: number): number {
  const { links } = paths(root);
  const left = listFolder(links).map((name) => Number(readText(join(links, name))) - now);
  // No more than that, if the clock was set back.
  return Math.min(LINK_LIFE, Math.max(0, ...left.filter((ms) => ms > 0)));
}

function forgetOldLinks(links: string, now: number): void {
  for (const name of listFolder(links)) {
    const file = join(links, name);
    if (Number(readText(file)) < now) rmSync(file, { force: true });
  }
}

function hash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** The files of the dashboard. Listed once: what is not in the list is not to be had, however it is asked for. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { policyFor } from './headers.ts';

export interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/** Vite puts a hash of the content into these names. */
const HASHED = /^\/assets\//;

/** Null: nothing of that name. Read when first asked for. */
export function staticFiles(folder: string): (path: string) => StaticFile | null {
  const files = new Map(
    listAll(folder).map((file) => [`/${relative(folder, file).split(sep).join('/')}`, file]),
  );
  const read = new Map<string, StaticFile>();
  return (path) => {
    // A path without an extension is a place inside the dashboard: its own script knows which.
    const name = path === '/' || (!files.has(path) && extname(path) === '') ? '/index.html' : path;
    const known = read.get(name);
    if (known !== undefined) return known;
    const file = files.get(name);
    if (file === undefined) return name === '/index.html' ? MISSING : null;
    const body = readFileSync(file);
    const found = {
      body,
      headers: {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'cache-control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ...(extname(file) === '.html' && { 'content-security-policy': policyFor(body.toString()) }),
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      },
    };
    read.set(name, found);
    return found;
  };
}

function listAll(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return listAll(path);
      return entry.isFile() && !entry.name.startsWith('.') ? [path] : [];
    });
  } catch {
    return [];
  }
}

const MISSING: StaticFile = {
  body: encoded(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Upkeep</title>' +
      '<h1>The dashboard is not in this copy of Upkeep</h1>' +
      '<p>It was built without it. The API is here all the same: <a href="/openapi.json">/openapi.json</a>.</p>' +
      '<p>On the command line: <code>upkeep status</code>, <code>upkeep logs</code>, <code>upkeep why</code>.</p></html>',
  ),
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
};

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

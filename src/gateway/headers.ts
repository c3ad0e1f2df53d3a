/** What every answer carries. */

import { createHash } from 'node:crypto';

/** Scripts, styles, pictures and connections of our own only; in nobody's frame. */
const policy = (scripts: string, styles: string) =>
  [
    "default-src 'none'",
    `script-src 'self'${scripts}`,
    `style-src 'self'${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Lets in what stands in a page of ours itself, and nothing else that does: by its hash (CSP 3, 2.3.1). */
export function policyFor(html: string): string {
  return policy(hashes(html, 'script'), hashes(html, 'style'));
}

function hashes(html: string, tag: 'script' | 'style'): string {
  const inline = html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'));
  return [...inline]
    .map(([, text = '']) => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join('');
}

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': policy('', ''),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** How an answer is written down, in each format. */

import { harmless, inWorkspace } from '../../api/graph/paths.ts';
import { dot } from './dot.ts';
import { mermaid } from './mermaid.ts';
import type { Picture } from './picture.ts';

/** Paths for a terminal: relative to the workspace, and without what would move its cursor. */
export function forScreen(root: string): (path: string) => string {
  return (path) => harmless(inWorkspace(root, path));
}

export function drawn(picture: Picture, format: 'dot' | 'mermaid'): string {
  return format === 'dot' ? dot(picture) : mermaid(picture);
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** A single package with a dev or start script. */
import { basename } from 'node:path';
import type { Draft } from './draft.ts';
import { readManifest } from './package-json.ts';
import { scriptNotes, scriptService, shortName } from './scripts.ts';

export function importPackage(root: string): Draft | null {
  const manifest = readManifest(root);
  const found = manifest === null ? null : scriptService(root, manifest);
  if (manifest === null || found === null) return null;
  const name = shortName(manifest.name ?? basename(root));
  return {
    kind: 'package',
    from: `the ${found.script} script in package.json`,
    services: { [name]: found.service },
    skipped: [],
    notes: scriptNotes(new Map([[name, found]])),
  };
}

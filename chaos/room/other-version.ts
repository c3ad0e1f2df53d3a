/** A copy of the build under test that says to be another version. */
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Room } from './room.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** Made once for each room; its folder. */
export function otherVersion(room: Room): string {
  const home = join(room.base, 'other');
  const dist = join(home, 'dist');
  if (existsSync(dist)) return dist;
  cpSync(room.dist, dist, { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  for (const file of readdirSync(dist, { recursive: true }) as string[]) {
    if (!file.endsWith('.cjs')) continue;
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(join(dist, file), text.replaceAll(`"${version}"`, '"99.9.9"'));
  }
  return dist;
}

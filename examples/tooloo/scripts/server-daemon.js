// The door to Upkeep, under the name that the npm scripts use: runs its CLI for the workspace around this file.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
createRequire(import.meta.url)('upkeep/cli');

// The door to Upkeep, under the name that the npm scripts use: runs its CLI for the workspace around this file.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(import.meta.url);
try {
  require.resolve('upkeep/cli');
} catch {
  console.error('Upkeep is not built here yet: run `npm ci` in the root of the repository first.');
  process.exit(4);
}
require('upkeep/cli');

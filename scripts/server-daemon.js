// The same door as in examples/tooloo, for typing the specification's commands in the root of this repository.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../examples/tooloo/', import.meta.url)));
const require = createRequire(import.meta.url);
try {
  require.resolve('upkeep/cli');
} catch {
  console.error('Upkeep is not built here yet: run `npm ci` in the root of the repository first.');
  process.exit(4);
}
require('upkeep/cli');

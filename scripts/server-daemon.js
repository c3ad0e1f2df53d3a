// The same door as in examples/tooloo, for typing the specification's commands in the root of this repository.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../examples/tooloo/', import.meta.url)));
createRequire(import.meta.url)('upkeep/cli');

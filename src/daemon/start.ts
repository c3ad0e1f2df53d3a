/**
 * `node daemon.cjs WORKSPACE [boot]`: runs the daemon's code as V8 compiled it before. Compiling it is a good part of the
 * time for which nobody answers after a `kill -9`.
 */
import { join } from 'node:path';
import { loadCompiled } from '../platform/compiled/load.ts';

const path = join(__dirname, 'daemon-code.cjs');
const loaded = loadCompiled<typeof import('./main.ts')>(path);
if (loaded === null) throw new Error(`${path} is not what the build made`);
loaded.exports.runMain(loaded.unkept);

/** A daemon that does nothing but keep one log: the tests kill it. argv: root, run, bytes of a file; a word on stdin: the run has ended. */
import { join } from 'node:path';
import { indexFolder } from '../../src/logs/layout.ts';
import { createServiceLog } from '../../src/logs/service-log.ts';

const [root = '', run = '1', maxSize = '100000000'] = process.argv.slice(2);
const log = createServiceLog({
  service: 'web',
  root,
  logDir: join(root, '.server-logs'),
  indexDir: indexFolder(root, 'web'),
  maxSize: Number(maxSize),
  keep: 1000,
  clock: Date,
});
log.attach(Number(run), join(root, '.upkeep', 'runs', 'web', run, 'out'));
process.stdout.write('up\n');
setInterval(() => {}, 60_000);
process.stdin.once('data', () => void log.finish(Number(run)));

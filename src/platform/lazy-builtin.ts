/**
 * Node's own modules that most commands never need, loaded when they are: `node:child_process` and
 * `node:crypto` together are a tenth of what `status` takes.
 */
import { createRequire } from 'node:module';

// Builtin modules are found from anywhere.
const load = createRequire('/');

export function childProcess(): typeof import('node:child_process') {
  return load('node:child_process');
}

export function crypto(): typeof import('node:crypto') {
  return load('node:crypto');
}

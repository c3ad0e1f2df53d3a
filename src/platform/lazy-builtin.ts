/**
 * Node's own modules that most commands never need, loaded when they are: `node:child_process` and
 * `node:crypto` together are a tenth of what `status` takes. By `require`, as in dist.ts: `node:module` costs as well.
 */

export function childProcess(): typeof import('node:child_process') {
  return require('node:child_process');
}

export function crypto(): typeof import('node:crypto') {
  return require('node:crypto');
}

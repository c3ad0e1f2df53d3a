// The answer to GET /health, the same in every server.
import { uptime } from './format.js';
import release from './release.cjs';

/** @param {string} service @param {object} [more] what this server has to add */
export function health(service, more = {}) {
  return {
    status: 'ok',
    service,
    version: release.version,
    pid: process.pid,
    uptime: Math.round(process.uptime() * 10) / 10,
    up: uptime(process.uptime()),
    ...more,
  };
}

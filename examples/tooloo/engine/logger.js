// The log of a server: information to stdout, trouble to stderr, one line for each request.
import { clockTime, duration } from './format.js';

export function info(text) {
  console.log(`${clockTime(new Date())} ${text}`);
}

export function warn(text) {
  console.error(`${clockTime(new Date())} warning: ${text}`);
}

export function request(method, path, status, ms) {
  info(`${method} ${path} ${status} ${duration(ms)}`);
}

/** Logs a request when its answer is sent. Express middleware; works on plain node:http as well. */
export function requests(req, res, next) {
  const started = performance.now();
  const { method, url } = req;
  res.once('finish', () => request(method, url, res.statusCode, performance.now() - started));
  next?.();
}

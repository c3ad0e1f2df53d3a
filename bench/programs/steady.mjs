// A steady load in a process of its own: so many new connections and so many keep-alive requests a second.
// Writes one JSON line at its end (SIGTERM): how many were answered, by how many runs, which failed,
// and how long they took.
import { Agent, request } from 'node:http';

const [port, perSecond] = process.argv.slice(2).map(Number);
const keepAlive = new Agent({ keepAlive: true, maxSockets: 32 });
const took = [];
const failures = {};
/** The pids that answered: how often another run did. */
const runs = new Set();
let open = 0;

function ask(agent) {
  const began = performance.now();
  open++;
  let over = false;
  const done = (error) => {
    if (over) return;
    over = true;
    open--;
    if (error === null) took.push(performance.now() - began);
    else failures[error.code ?? error.message] = (failures[error.code ?? error.message] ?? 0) + 1;
  };
  const asked = request({ host: '127.0.0.1', port, path: '/', agent, timeout: 20_000 }, (response) => {
    response.setEncoding('utf8').on('data', (pid) => runs.add(pid));
    response.on('end', () =>
      done(response.statusCode === 200 ? null : new Error(String(response.statusCode))),
    );
    response.on('error', done);
  });
  asked.on('timeout', () => asked.destroy(new Error('timeout')));
  asked.on('error', done);
  asked.end();
}

const timers = [keepAlive, new Agent({ keepAlive: false })].map((agent) =>
  setInterval(() => ask(agent), 1000 / perSecond),
);

process.once('SIGTERM', () => {
  for (const timer of timers) clearInterval(timer);
  const end = () => {
    took.sort((a, b) => a - b);
    const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `${JSON.stringify({ answered: took.length, failed, failures, runs: runs.size, p50: at(0.5), p99: at(0.99), max: at(1) })}\n`,
      () => process.exit(),
    );
  };
  const wait = setInterval(() => {
    if (open === 0) {
      clearInterval(wait);
      end();
    }
  }, 10);
  setTimeout(end, 5000).unref();
});

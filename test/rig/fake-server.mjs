/**
 * The program that a service's command runs in black-box tests. It connects back to the test over a unix
 * socket, announces itself, and obeys: one JSON object a line, `{ id, do, … }` in, `{ id, ok | error }` out.
 *
 *   node fake-server.mjs NAME [COMMAND…]     each COMMAND is JSON and is obeyed once it is announced
 *
 * The socket's path is in UPKEEP_RIG_SOCKET, or in `--socket=PATH` for processes with an empty environment.
 * It needs nobody: while the test is away it goes on serving, and tries again to connect.
 */
import { spawn } from 'node:child_process';
import { renameSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const socketArgument = process.argv.find((word) => word.startsWith('--socket='));
const socketPath = socketArgument?.slice('--socket='.length) ?? process.env.UPKEEP_RIG_SOCKET;
const [name = 'unnamed', ...first] = process.argv.slice(2).filter((word) => word !== socketArgument);

/** Longest life without a test, in ms: whatever goes wrong, no fake server stays for ever. */
const LONELY_LIMIT = 90_000;
const RETRY = 250;

const servers = new Map();
let answer = { status: 200, body: null, delay: 0 };

/** Every command by its name. A promise is awaited before the answer goes back. */
const obey = {
  /** `lines` numbered lines "PREFIX 1"…, or `text` as it is; `exit` ends the process in the same tick. */
  print({ stream = 'stdout', text, prefix = 'line', from = 1, lines = 0, exit, sync = false }) {
    let out = text ?? '';
    for (let n = from; n < from + lines; n++) out += `${prefix} ${n}\n`;
    if (sync) writeSync(stream === 'stdout' ? 1 : 2, out);
    else process[stream].write(out);
    if (exit !== undefined) process.exit(exit);
  },
  /** Like 20,000 calls of console.log and then process.exit: one write per line. */
  chatter({ stream = 'stdout', prefix = 'line', lines, exit }) {
    const log = stream === 'stdout' ? console.log : console.error;
    for (let n = 1; n <= lines; n++) log(`${prefix} ${n}`);
    if (exit !== undefined) process.exit(exit);
  },
  /** `crash`: a failure to listen ends the process as in a server that does not handle it. */
  listen({ port, host, crash = true, banner = true }) {
    return new Promise((resolve, reject) => {
      const server = createServer(respond);
      server.once('error', (error) => {
        if (crash) throw error;
        reject(error);
      });
      server.listen(port, host, () => {
        const bound = server.address().port;
        servers.set(bound, server);
        if (banner) console.log(`${name} listening on ${bound}`);
        resolve({ port: bound });
      });
    });
  },
  close({ port }) {
    const server = servers.get(port);
    servers.delete(port);
    return new Promise((resolve) => {
      if (!server) return resolve({ closed: false });
      server.close(() => resolve({ closed: true }));
      server.closeAllConnections();
    });
  },
  answer(wish) {
    answer = { status: 200, body: null, delay: 0, ...wish };
  },
  /** The code is given back by the exit itself: the connection closes. */
  exit({ code = 0 }) {
    process.exit(code);
  },
  kill({ signal }) {
    process.kill(process.pid, signal);
    return new Promise(() => {});
  },
  /** `code` null: the signal is ignored; else exit with it after `delay` ms and `say` a line. */
  onSignal({ signal = 'SIGTERM', code = null, delay = 0, say = null }) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (say !== null) writeSync(1, `${say}\n`);
      if (code !== null) setTimeout(() => process.exit(code), delay);
    });
  },
  throw({ message = 'thrown on demand' }) {
    setImmediate(() => {
      throw new Error(message);
    });
  },
  /** Blocks the event loop without using the processor. */
  hang({ ms }) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
  /** `rename`: as editors save, by a temporary file moved over the old one. */
  write({ file, text, rename = false }) {
    writeFileSync(rename ? `${file}.tmp` : file, text);
    if (rename) renameSync(`${file}.tmp`, file);
  },
  spawn: spawnDescendant,
  ping() {
    return { pid: process.pid };
  },
};

function respond(request, response) {
  setTimeout(() => {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body ?? JSON.stringify({ name, pid: process.pid, path: request.url }));
  }, answer.delay);
}

/**
 * A descendant that is a fake server too and announces itself as `as`.
 * plain: a child. setsid: a child in a session of its own. double-fork: its parent is gone, its session new.
 * clean: `env -i`, in a session of its own. clean-double-fork: all of it, nothing ties it to us but the kernel.
 */
function spawnDescendant({ as, how = 'plain', commands = [], stdio = 'ignore' }) {
  const words = [
    process.execPath,
    self,
    as,
    `--socket=${socketPath}`,
    ...commands.map((c) => JSON.stringify(c)),
  ];
  const orphan = ['sh', '-c', '"$@" & exit 0', 'orphan'];
  const argv = {
    plain: words,
    setsid: words,
    'double-fork': [...orphan, ...words],
    clean: ['env', '-i', ...words],
    'clean-double-fork': [...orphan, 'env', '-i', ...words],
  }[how];
  if (!argv) throw new Error(`no such way to spawn: ${how}`);
  const child = spawn(argv[0], argv.slice(1), { stdio, detached: how !== 'plain' });
  child.unref();
  return { pid: child.pid };
}

async function carryOut(command) {
  const action = Object.hasOwn(obey, command.do) ? obey[command.do] : undefined;
  if (!action) throw new Error(`no such command: ${command.do}`);
  return (await action(command)) ?? {};
}

function announcement() {
  return {
    hello: {
      name,
      pid: process.pid,
      ppid: process.ppid,
      cwd: process.cwd(),
      argv: process.argv.slice(1),
      execArgv: process.execArgv,
      node: process.version,
      env: process.env,
    },
  };
}

let lonelySince = Date.now();

function connectToTest(attempted = () => {}) {
  const socket = connect(socketPath);
  const send = (message) => socket.writable && socket.write(`${JSON.stringify(message)}\n`);
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('connect', () => {
    lonelySince = Date.now();
    send(announcement());
    attempted();
  });
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const command = JSON.parse(line);
      carryOut(command).then(
        (ok) => send({ id: command.id, ok }),
        (error) => send({ id: command.id, error: error.message }),
      );
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    attempted();
    if (Date.now() - lonelySince > LONELY_LIMIT) process.exit(0);
    setTimeout(connectToTest, RETRY);
  });
}

// Announced first: who sees it ready knows that the test has been told of it.
if (socketPath) await new Promise((resolve) => connectToTest(resolve));
for (const word of first) await carryOut(JSON.parse(word));

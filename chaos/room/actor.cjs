// The program that every service of the fault machine runs. It numbers each line that it prints, says in each answer
// who it is, and keeps a record of both outside of the workspace, where nothing that Upkeep does can reach it:
//
//   TRUTH/NAME/ID.json  who it is (ID: pid and kernel start time), and its children   ID.n  lines printed so far
//   TRUTH/NAME/ID.end   the exit code that it is about to end with
//
// A line is "ID NUMBER FILLING". It counts as printed once the write has returned.
const { spawn } = require('node:child_process');
const { mkdirSync, openSync, readFileSync, writeFileSync, writeSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');

/** Writes the stat line of the process that runs it to $1/PID.child, then becomes $2… without a fork. */
const CHILD = 'read -r stat </proc/self/stat; echo "$stat" >"$1/$$.child"; shift; exec "$@"';
const child = (folder, argv) => ['sh', '-c', CHILD, 'child', folder, ...argv];
const SLEEP = ['sleep', '100000'];
/** As "sleep", under another name and deaf to the usual signals. */
const DISGUISED = [
  'perl',
  '-e',
  '$SIG{TERM} = $SIG{HUP} = $SIG{INT} = "IGNORE"; $0 = "innocent"; sleep 100000;',
];

/** How each kind of child is spawned. */
const KINDS = {
  plain: (folder) => child(folder, SLEEP),
  orphan: (folder) => ['sh', '-c', 'setsid "$@" & exit 0', 'fork', ...child(folder, SLEEP)],
  clean: (folder) => [
    'sh',
    '-c',
    'env -i PATH="$PATH" setsid "$@" & exit 0',
    'fork',
    ...child(folder, DISGUISED),
  ],
};

/**
 * `lines` lines each `every` ms, of `filling` bytes besides; `children`: which kinds; `deaf`: ignores SIGTERM;
 * `port`: where it listens, null for nowhere.
 */
exports.act = ({ name, version, truth, port, lines, every, filling, children, deaf }) => {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const id = `${process.pid}-${start}`;
  const home = join(truth, name);
  mkdirSync(join(home, id), { recursive: true });
  const counter = openSync(join(home, `${id}.n`), 'w');
  const padding = 'x'.repeat(filling);
  let printed = 0;
  let rest = Buffer.alloc(0);

  /** On a full disk a part of it may be written: the rest comes later, and nothing counts before all of it is. */
  const flush = () => {
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(1, rest));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
        return false;
      }
    }
    writeSync(counter, String(printed).padStart(16), 0);
    return true;
  };
  const print = (count) => {
    if (!flush()) return;
    let text = '';
    for (let line = 0; line < count; line++) text += `${id} ${++printed} ${padding}\n`;
    rest = Buffer.from(text);
    flush();
  };
  /** One line of so many bytes. */
  const printLong = (bytes) => {
    if (!flush()) return;
    rest = Buffer.from(`${id} ${++printed} ${'x'.repeat(bytes)}\n`);
    flush();
  };
  /** What is no line: every byte, so many times, and then one begins. */
  const printBytes = (times) => {
    if (!flush()) return;
    const bytes = Buffer.from(Array.from({ length: times * 256 }, (_, index) => index % 256));
    rest = Buffer.concat([bytes, Buffer.from('\n')]);
    flush();
  };
  const end = (code) => {
    flush();
    writeFileSync(join(home, `${id}.end`), String(code));
    process.exit(code);
  };

  if (deaf) for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  for (const kind of children) {
    const [program, ...argv] = KINDS[kind](join(home, id));
    spawn(program, argv, { stdio: 'ignore' }).unref();
  }
  writeFileSync(
    join(home, `${id}.json`),
    JSON.stringify({ pid: process.pid, start: Number(start), version, children }),
  );
  if (every > 0) setInterval(print, every, lines);
  print(1);
  if (port === null) return;
  createServer((request, response) => {
    const [, verb, number] = request.url.split('/');
    response.setHeader('content-type', 'application/json');
    if (verb === 'print') print(Number(number));
    if (verb === 'line') printLong(Number(number));
    if (verb === 'bytes') printBytes(Number(number));
    response.end(JSON.stringify({ name, id, version }), () => {
      if (verb === 'exit') end(Number(number));
    });
  }).listen(port);
};

/** "My passwords are nobody's business." Canaries stand wherever a secret may; nothing that we write or print has one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NODE, type Rig, testRig } from '../rig/rig.ts';

/** Each place has its own, so that a failure names it. */
const CANARY = {
  envFile: 'canary-envfile-5f1c9e',
  envFileOdd: 'canary-envfile-odd-0a77b2',
  env: 'canary-env-91d2aa',
  url: 'canary-url-7e43c0',
  argument: 'canary-argument-c8be15',
  option: 'canary-option-2b60f4',
  inline: 'canary-inline-e19a37',
  stranger: 'canary-stranger-44d8b6',
  check: 'canary-check-b5f701',
};

/** What holds a value because it is needed there: for the daemon to start services by. Both are 0600, and told of in docs/security.md. */
const STORES = /^\.upkeep\/(?:config\.json|runs\/[^/]+\/\d+\/(?:start|check))$/;
/** What a service prints is its own. */
const OWN_OUTPUT = /^(?:\.server-logs\/|\.upkeep\/runs\/[^/]+\/\d+\/out$)/;

function leaksIn(what: string, text: string): string[] {
  return Object.entries(CANARY).flatMap(([place, value]) =>
    text.includes(value) ? [`${what}: ${place}`] : [],
  );
}

function leaksOnDisk(rig: Rig): string[] {
  const ours = ['.upkeep', '.server-daemon-state.json'].flatMap((name) => {
    if (!statSync(rig.path(name)).isDirectory()) return [name];
    return readdirSync(rig.path(name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(rig.workspace.length + 1));
  });
  expect(ours.length).toBeGreaterThan(10);
  return ours
    .filter((file) => !STORES.test(file) && !OWN_OUTPUT.test(file))
    .flatMap((file) => leaksIn(file, rig.read(file)));
}

it('of env files, variables, urls and command lines nothing is printed or recorded', async () => {
  const rig = await testRig();
  const [port, taken] = [await rig.port(), await rig.port()];
  rig.write('.env', `STRIPE_SECRET=${CANARY.envFile}\nPLAIN_LOOKING="${CANARY.envFileOdd}"\n`);
  rig.write(
    'server.cjs',
    "require('http').createServer((_, a) => a.end('here')).listen(process.env.PORT ?? process.argv[2]);",
  );
  // Somebody else's program on a port of ours, with a secret in its command line.
  const program = `require('net').createServer().listen(${taken}, () => console.log('listens'))`;
  const argv = ['-e', program, '--', `--password=${CANARY.stranger}`];
  const holder = spawn(NODE, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  rig.configure({
    web: {
      command: `node server.cjs --api-key ${CANARY.option} --token=${CANARY.argument}`,
      port,
      url: `http://ada:${CANARY.url}@localhost:${port}/`,
      ready: { http: `http://ada:${CANARY.url}@localhost:${port}/?token=${CANARY.check}` },
      env: { API_KEY: CANARY.env },
      envFile: '.env',
    },
    late: {
      command: 'node -e "setInterval(() => {}, 1000)"',
      ready: { command: `TOKEN=${CANARY.check} false`, timeout: '500ms' },
    },
    refused: { command: 'node server.cjs', port: taken },
    wrong: { command: `DB_PASSWORD=${CANARY.inline} no-such-program-at-all` },
    missing: { command: ['no-such-program', `--secret=${CANARY.argument}`], envFile: '.env' },
  });
  const printed: string[] = [];
  const say = async (...args: string[]) => {
    const { stdout, stderr } = await rig.cli(...args);
    printed.push(...leaksIn(`upkeep ${args.join(' ')}`, stdout + stderr));
    return stdout + stderr;
  };
  await say('start', 'web');
  await say('start', '--json');
  const status = await say('status', '--json');
  expect(status).toContain('http://***@localhost');
  // It did meet the stranger, and told of its command.
  expect(status).toContain('port-taken');
  await say('restart', 'web', '--hard');
  await say('status');
  for (const name of ['web', 'late', 'refused', 'wrong', 'missing']) await say('why', name);
  for (const args of [['doctor'], ['doctor', '--json'], ['graph'], ['graph', 'web', '--json'], ['logs']])
    await say(...args);
  expect(printed).toEqual([]);
  // What waits to become the next run needs its script until it has begun.
  await rig.eventually(() => leaksOnDisk(rig).length === 0, 'nothing of them is on disk');

  // Mistakes in the configuration are told without the values around them.
  const broken = rig.read('upkeep.config.json').replace('"port"', '"prot"');
  writeFileSync(rig.path('upkeep.config.json'), broken);
  for (const args of [['start'], ['doctor'], ['status'], ['clean', '--dry-run']]) await say(...args);
  writeFileSync(rig.path('upkeep.config.json'), broken.replace('"services"', `"services" "x`));
  await say('start');
  expect(printed).toEqual([]);

  await say('stop');
  expect(leaksOnDisk(rig)).toEqual([]);
  // The scripts that held the environment are gone, whatever became of their runs.
  const left = readdirSync(rig.path('.upkeep/runs'), { recursive: true }).map(String);
  expect(left.filter((file) => /\/(?:start|check)$/.test(file))).toEqual([]);
  expect(left.filter((file) => file.endsWith('/run.json')).length).toBeGreaterThan(2);
  expect(readFileSync(rig.path('.upkeep/config.json'), 'utf8')).toContain(CANARY.env);
});

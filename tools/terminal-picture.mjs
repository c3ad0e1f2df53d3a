// Draws docs/terminal.svg from a real run: node tools/terminal-picture.mjs
// A copy of examples/tooloo is started, one server edited, another one killed; the ports of the example have
// to be free. Prompts and the name of the temporary folder are ours, everything else is what the terminal got.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { copyExample, ROOT } from './example-copy.mjs';

const { screenOf, svgOf } = await createJiti(import.meta.url).import('./terminal-svg.ts');

const COLUMNS = 118;
const EDITED = 'web-server';
const KILLED = 'cup-server';

const { base, workspace, env } = copyExample();
Object.assign(env, { TERM: 'xterm-256color', npm_config_loglevel: 'error' });

try {
  const screen = [typed('npx upkeep start')];
  screen.push(typed(`echo '// edited' >> servers/${EDITED}.js`));
  screen.push(typed(`kill -9 ${service(KILLED).pid}`, `   # the pid of ${KILLED}`));
  untilReady(EDITED, 'edit');
  untilReady(KILLED, 'crash');
  screen.push(typed('npx upkeep status'), prompt(''));
  const picture = svgOf(screenOf(screen.join('').replaceAll(base, '~')), COLUMNS, 'Upkeep on eleven servers');
  writeFileSync(join(ROOT, 'docs/terminal.svg'), picture);
} finally {
  run('npx upkeep stop');
  rmSync(base, { recursive: true, force: true });
}

/** What the terminal shows of a command: its prompt, and all that it prints on a pty of script(1). */
function typed(command, remark = '') {
  return `${prompt(command)}\x1b[2m${remark}\x1b[22m\r\n${run(command)}\r\n`;
}

function prompt(command) {
  return `\x1b[36m$\x1b[39m \x1b[1m${command}\x1b[22m`;
}

function run(command) {
  const argv = ['-qec', `stty cols ${COLUMNS} rows 50; ${command}`, '/dev/null'];
  return execFileSync('script', argv, { cwd: workspace, env, encoding: 'utf8' });
}

function service(name) {
  const cli = join(ROOT, 'dist/upkeep.cjs');
  const status = execFileSync(process.execPath, [cli, 'status', '--json'], { cwd: workspace, env });
  return JSON.parse(status).services.find((each) => each.name === name);
}

function untilReady(name, cause) {
  const deadline = Date.now() + 20_000;
  for (let now = service(name); !now.ready || now.cause.kind !== cause; now = service(name)) {
    if (Date.now() > deadline)
      throw new Error(`${name} did not come back after its ${cause}: ${JSON.stringify(now)}`);
  }
}

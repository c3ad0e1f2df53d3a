// Upkeep as it is used: its CLI, on workspaces of its own, from a copy of what was built.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { run } from './command.mjs';
import { commandLine, isRunning, parentOf, pids } from './proc.mjs';
import { until } from './wait.mjs';

/**
 * Copies the build into `temp`, so that a build in the meantime does not disturb the measuring,
 * beside links to the packages of the repository (the examples' frameworks).
 */
export function installUpkeep({ dist, root, temp }) {
  const modules = join(temp, 'node_modules');
  const home = join(modules, 'upkeep');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  mkdirSync(home);
  cpSync(dist, join(home, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(home, 'package.json'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name.startsWith('.') || name === 'upkeep') continue;
    symlinkSync(resolve(root, 'node_modules', name), join(modules, name));
  }
  const bin = join(modules, '.bin/upkeep');
  symlinkSync('../upkeep/dist/upkeep.cjs', bin);
  return { cli: [process.execPath, join(home, 'dist/upkeep.cjs')], bin };
}

/** A folder with a configuration, and the commands that are given in it. */
export class UpkeepWorkspace {
  constructor({ folder, cli, env }) {
    this.folder = folder;
    this.cli = cli;
    this.env = env;
  }

  command(...args) {
    return run([...this.cli, ...args], { cwd: this.folder, env: this.env });
  }

  /** Null when no daemon runs. */
  daemonPid() {
    const file = join(this.folder, '.upkeep/daemon.json');
    if (!existsSync(file)) return null;
    const { pid } = JSON.parse(readFileSync(file, 'utf8')).process;
    return isRunning(pid) ? pid : null;
  }

  guardPid() {
    return parentOf(this.daemonPid());
  }

  /** Shims and the wrappers of runs: all of them shells that run `shim.sh` for a folder of this workspace. */
  shimPids() {
    const own = join(this.folder, '.upkeep');
    return pids().filter((pid) => {
      const line = commandLine(pid);
      return line.includes('shim.sh') && line.includes(own);
    });
  }

  async stopAll() {
    if (this.daemonPid() === null) return;
    await this.command('stop');
    await until('the daemon of Upkeep to end', () => this.daemonPid() === null);
  }
}

/** A workspace of services written as JSON. `keeper` is a service that keeps the daemon up when the rest is stopped. */
export function makeWorkspace(context, name, services) {
  const folder = join(context.temp, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'upkeep.config.json'), JSON.stringify({ services }, null, 2));
  return new UpkeepWorkspace({ folder, cli: context.upkeep.cli, env: context.env });
}

export const KEEPER = { keeper: { command: ['sleep', '1000000'], watch: false } };

/**
 * The specification's workspace, with its own configuration. Where the machine's ports are shared
 * with others, its services are moved to other ones; `keeper` adds a service that keeps the daemon up.
 */
export function makeTooloo(context, name, { keeper = false } = {}) {
  const folder = copyTooloo(context, name);
  const shifted = context.portOffset !== 0;
  if (keeper || shifted) {
    cpSync(join(folder, 'upkeep.config.js'), join(folder, 'own.config.js'));
    writeFileSync(
      join(folder, 'upkeep.config.js'),
      [
        `import own from './own.config.js';`,
        `const moved = ([name, service]) => [name, { ...service, port: service.port + ${context.portOffset} }];`,
        'const services = Object.fromEntries(Object.entries(own.services).map(moved));',
        `export default { ...own, services: { ...services, ...${JSON.stringify(keeper ? KEEPER : {})} } };`,
        '',
      ].join('\n'),
    );
  }
  return new UpkeepWorkspace({ folder, cli: context.upkeep.cli, env: context.env });
}

/** The example without its configuration's company: only what the servers need. */
export function copyTooloo(context, name) {
  const from = join(context.root, 'examples/tooloo');
  const folder = join(context.temp, name);
  const own = new Set(['node_modules', '.upkeep', '.server-logs', '.server-daemon-state.json']);
  cpSync(from, folder, {
    recursive: true,
    filter: (path) => dirname(path) !== from || !own.has(basename(path)),
  });
  return folder;
}

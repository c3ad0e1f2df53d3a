// PM2, as a person would use it: an ecosystem file and its CLI, with a home of its own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { isRunning } from './proc.mjs';
import { until } from './wait.mjs';

export class Pm2 {
  /** `apps`: PM2's own app declarations. */
  constructor(context, name, apps) {
    this.folder = join(context.temp, name);
    mkdirSync(this.folder);
    this.home = join(this.folder, 'home');
    this.ecosystem = join(this.folder, 'ecosystem.config.cjs');
    writeFileSync(this.ecosystem, `module.exports = ${JSON.stringify({ apps }, null, 2)};\n`);
    this.env = { ...context.env, PM2_HOME: this.home, PM2_DISCRETE_MODE: 'true' };
    this.cli = [process.execPath, context.pm2.bin];
  }

  command(...args) {
    return run([...this.cli, ...args], { cwd: this.folder, env: this.env });
  }

  start() {
    return this.command('start', this.ecosystem);
  }

  /** Its daemon without any app. */
  async wake() {
    await this.command('ping');
  }

  daemonPid() {
    const file = join(this.home, 'pm2.pid');
    if (!existsSync(file)) return null;
    const pid = Number(readFileSync(file, 'utf8'));
    return isRunning(pid) ? pid : null;
  }

  async stopAll() {
    if (this.daemonPid() === null) return;
    await this.command('delete', 'all').catch(() => undefined);
  }

  async end() {
    const pid = this.daemonPid();
    if (pid === null) return;
    await this.command('kill');
    await until('the daemon of PM2 to end', () => !isRunning(pid));
  }
}

/** App declarations for the eleven servers. */
export function tooLooApps(folder, servers, offset) {
  return Object.entries(servers).map(([name, port]) => ({
    name,
    script: join(folder, 'servers', `${name}.js`),
    cwd: folder,
    env: { PORT: String(port + offset) },
  }));
}

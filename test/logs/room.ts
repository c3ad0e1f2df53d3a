/** A workspace folder with a service `web` to print into, for the tests of logs. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexFolder, rotatedLog, visibleLog } from '../../src/logs/layout.ts';
import { createServiceLog, type ServiceLog, type ServiceLogOptions } from '../../src/logs/service-log.ts';

export interface Room {
  root: string;
  logDir: string;
  /** A daemon's log of the service; a second one is the next daemon's. */
  log(options?: Partial<ServiceLogOptions>): ServiceLog;
  spool(run: number, service?: string): string;
  /** Prints as the run would. */
  print(run: number, text: string | Buffer, service?: string): void;
  visible(service?: string): string;
  /** What stands in the visible log; '' when there is none. */
  text(number?: number): string;
  leave(): void;
}

export function enterRoom(): Room {
  const root = mkdtempSync(join(tmpdir(), 'upkeep-logs-'));
  const logDir = join(root, '.server-logs');
  const opened: ServiceLog[] = [];
  const spool = (run: number, service = 'web') => {
    const folder = join(root, '.upkeep', 'runs', service, String(run));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'out');
    if (!existsSync(path)) appendFileSync(path, '');
    return path;
  };
  return {
    root,
    logDir,
    log(options = {}) {
      const service = options.service ?? 'web';
      const indexDir = indexFolder(root, service);
      const log = createServiceLog({
        service,
        root,
        logDir,
        indexDir,
        maxSize: 10 * 1024 * 1024,
        keep: 3,
        clock: Date,
        ...options,
      });
      opened.push(log);
      return log;
    },
    spool,
    print: (run, text, service) => appendFileSync(spool(run, service), text),
    visible: (service = 'web') => visibleLog(logDir, service),
    text(number = 0) {
      const path = visibleLog(logDir, 'web');
      const file = number === 0 ? path : rotatedLog(path, number);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
    leave() {
      for (const log of opened) log.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function numbered(from: number, to: number): string {
  let text = '';
  for (let number = from; number < to; number++) text += `line ${number}\n`;
  return text;
}

/** The machine: Node, the platform, helper programs, what the kernel tells and allows. Pure over its inputs. */
import { bad, type Finding, ok, warn } from './finding.ts';

export interface Machine {
  node: string;
  platform: NodeJS.Platform;
  /** As uname(1) -r tells it. */
  release: string;
  has(program: string): boolean;
  /** Whether a subreaper can be had (see process/tools.ts). */
  subreaper: boolean;
  /** Whether env(1) knows --default-signal. */
  resetsSignals: boolean;
  /** Whether this process is found in the process table, and its environment can be read. */
  seesProcesses: boolean;
  seesEnvironments: boolean;
  /** A limit of inotify(7) by its name; null where there is none. */
  inotify(limit: string): number | null;
}

const FLOOR = [18, 19] as const;
/** A large project has some thousand folders, and an editor beside us takes its share. */
const LIMITS = [
  { name: 'max_user_watches', least: 32_768, raiseTo: 524_288, what: 'folders can be watched' },
  { name: 'max_user_instances', least: 128, raiseTo: 512, what: 'watchers can be open' },
];

export function checkMachine(machine: Machine): Finding[] {
  return [checkNode(machine.node), checkPlatform(machine), ...checkTools(machine), ...checkKernel(machine)];
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1]);
  return good
    ? ok(`Node ${version}`)
    : bad(`Node ${version} is too old`, `Install Node ${FLOOR.join('.')} or newer (https://nodejs.org).`);
}

function checkPlatform({ platform, release }: Machine): Finding {
  if (platform === 'linux')
    return ok(/microsoft/i.test(release) ? `Linux in WSL (${release})` : `Linux ${release}`);
  if (platform === 'darwin') return ok(`macOS ${release}: processes by ps, ports by lsof, no subreaper`);
  return warn(`${platform} is not tested`, 'Linux and macOS are supported; on Windows use WSL.');
}

function checkTools({ has, platform, subreaper, resetsSignals }: Machine): Finding[] {
  const found: Finding[] = [];
  for (const program of ['sh', 'mkfifo']) {
    if (!has(program)) found.push(bad(`${program} is missing: nothing can be started`, install(program)));
  }
  if (platform === 'darwin') {
    for (const program of ['ps', 'lsof'])
      if (!has(program))
        found.push(bad(`${program} is missing: processes or ports cannot be seen`, install(program)));
  }
  if (!has('setsid') && !has('perl'))
    found.push(
      warn(
        'setsid and perl are missing: stopping a service may miss processes that it started',
        install('setsid'),
      ),
    );
  if (!has('flock') && !has('perl'))
    found.push(
      warn(
        'flock and perl are missing: two starts at the same moment may make two daemons',
        install('flock'),
      ),
    );
  if (platform === 'linux' && !subreaper)
    found.push(
      warn(
        'perl is missing: a process that leaves its parents is found by its environment only',
        install('perl'),
      ),
    );
  if (!resetsSignals)
    found.push(
      warn(
        'env does not know --default-signal: programs other than Node are started with SIGINT and SIGQUIT ignored',
        'Install GNU coreutils 8.31 or newer, or keep SIGTERM as the stop signal.',
      ),
    );
  return found.length > 0 ? found : [ok('All helper programs are there')];
}

function install(program: string): string {
  const packages: Record<string, string> = { setsid: 'util-linux', flock: 'util-linux', mkfifo: 'coreutils' };
  return `Install ${packages[program] ?? program} with the package manager of this system.`;
}

function checkKernel({ platform, seesProcesses, seesEnvironments, inotify }: Machine): Finding[] {
  if (platform !== 'linux') return [];
  const proc = !seesProcesses
    ? bad('/proc cannot be read: nothing is known of processes', 'Mount it: mount -t proc proc /proc')
    : seesEnvironments
      ? ok('/proc can be read')
      : warn(
          "/proc hides environments: clean cannot find what was left behind, nor can a port's owner be named",
          'Look at the hidepid option of the /proc mount.',
        );
  const limits = LIMITS.map(({ name, least, raiseTo, what }) => {
    const limit = inotify(name);
    if (limit === null) return null;
    if (limit >= least) return ok(`inotify: ${limit} ${what}`);
    return warn(
      `inotify: only ${limit} ${what}; beyond that, files are looked at once a second instead`,
      `sudo sysctl fs.inotify.${name}=${raiseTo}   (to keep it: a line in /etc/sysctl.d/)`,
    );
  });
  return [proc, ...limits.filter((finding) => finding !== null)];
}

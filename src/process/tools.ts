/** Which helper programs this machine has; asked once, when first needed. */
import { spawnSync } from 'node:child_process';
import { findProgram, type LaunchTools } from './launch-script.ts';

/** prctl(2) on the architectures that Node runs on; PR_SET_CHILD_SUBREAPER is 36 everywhere. */
const PRCTL_NUMBER = new Map<string, number>([
  ['x64', 157],
  ['arm64', 167],
  ['arm', 172],
  ['ia32', 172],
  ['riscv64', 167],
  ['loong64', 167],
  ['ppc64', 171],
  ['s390x', 172],
]);

export interface Tools extends LaunchTools {
  /**
   * Makes the shim the new parent of every orphan below it, so that a process that forked twice and
   * left its session is still found: perl(1), since neither sh nor Node can call prctl(2). Empty: not to be had.
   */
  subreaper: string[];
}

let known: Tools | null = null;

export function machineTools(): Tools {
  known ??= findTools(process.env['PATH'] ?? '');
  return known;
}

/** By absolute path: a service may have a PATH of its own. */
function findTools(searchPath: string): Tools {
  const find = (program: string) => findProgram(program, '/', searchPath);
  const [setsid, env] = [find('setsid'), find('env')];
  const perl = process.env['UPKEEP_NO_PERL'] === undefined ? find('perl') : null;
  const prctl = process.platform === 'linux' ? PRCTL_NUMBER.get(process.arch) : undefined;
  const newSession = perl === null ? [] : [perl, '-e', 'use POSIX; POSIX::setsid(); exec @ARGV'];
  let signals: string[] | null = null;
  return {
    session: setsid === null ? newSession : [setsid],
    // Asked when first needed: Node services never do, and it takes a process to find out.
    signals: () => {
      signals ??=
        env !== null && resetsSignals(env) ? [env, '--default-signal=INT', '--default-signal=QUIT'] : [];
      return signals;
    },
    subreaper:
      perl === null || prctl === undefined ? [] : [perl, '-e', `syscall(${prctl},36,1,0,0,0); exec @ARGV`],
  };
}

function resetsSignals(env: string): boolean {
  return spawnSync(env, ['--default-signal=INT', 'true'], { stdio: 'ignore' }).status === 0;
}

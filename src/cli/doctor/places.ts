/** The places that are written to: the folder of the socket, the workspace and its file system. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bytes } from '../../contract/bytes.ts';
import { errorMessage } from '../../platform/files.ts';
import { socketPath, workspacePaths } from '../../platform/paths.ts';
import { runtimeFolder } from '../../platform/runtime-folder.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

/** unix(7): sun_path has 108 bytes, the last one is 0. */
const LONGEST_SOCKET = 107;
const TIGHT = 100_000_000;
const LITTLE = 1_000_000_000;

export function checkRuntimeFolder(root: string | null): Finding {
  const folder = runtimeFolder();
  const elsewhere = 'Name another folder in UPKEEP_RUNTIME_DIR.';
  const length = root === null ? 0 : Buffer.byteLength(socketPath(root));
  if (length > LONGEST_SOCKET)
    return bad(
      `The socket's path has ${length} bytes, more than the ${LONGEST_SOCKET} that are possible`,
      elsewhere,
    );
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    const parent = dirname(folder);
    return isWritable(parent)
      ? ok(`The daemon's socket can be made in ${folder}`)
      : bad(
          `${folder}, where the daemon's socket is to be, cannot be made`,
          `Make ${parent} writable. ${elsewhere}`,
        );
  }
  const isOwn = found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid);
  if (!isOwn || (found.mode & 0o077) !== 0)
    return bad(
      `${folder}, where the daemon's socket is, is not a folder that only you can enter`,
      isOwn ? `chmod 700 ${folder}` : `Remove it. ${elsewhere}`,
    );
  return isWritable(folder)
    ? ok(`${folder}, where the daemon's socket is, is private and writable`)
    : bad(`${folder}, where the daemon's socket is, cannot be written to`, `chmod 700 ${folder}`);
}

export function checkWorkspace(root: string): Finding[] {
  if (!isWritable(root))
    return [
      bad(
        `${root} cannot be written to: records and logs have no place`,
        `Give yourself the right: ls -ld ${root}`,
      ),
    ];
  const { own } = workspacePaths(root);
  if (existsSync(own) && !isWritable(own))
    return [bad(`${own} cannot be written to`, `It may belong to another user: ls -ld ${own}`)];
  return [ok(`${root} can be written to`), checkFifos(root), ...checkFileSystem(root)];
}

/** By making one: what a file system can do is not told by its name. */
function checkFifos(root: string): Finding {
  const { own } = workspacePaths(root);
  let folder: string | null = null;
  try {
    folder = mkdtempSync(existsSync(own) ? join(own, 'doctor-') : join(root, '.upkeep-doctor-'));
    execFileSync('mkfifo', [join(folder, 'fifo')], { stdio: ['ignore', 'ignore', 'pipe'] });
    return ok('Its file system can hold named pipes');
  } catch (error) {
    const why = errorMessage(error).trim().split('\n').pop();
    return bad(
      `No named pipe can be made in ${root}: ${why}`,
      'Keep the project on a file system of this system itself (in WSL not under /mnt, in a VM not in a shared folder).',
    );
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** statfs(2): file systems on which changes made elsewhere are not announced by inotify(7). */
const REMOTE = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x786f4256, 'a VirtualBox shared folder'],
]);

function checkFileSystem(root: string): Finding[] {
  const { type, bavail, bsize, files, ffree } = statfsSync(root);
  const free = bavail * bsize;
  const findings: Finding[] = [];
  const remote = process.platform === 'linux' ? REMOTE.get(type) : undefined;
  if (remote !== undefined)
    findings.push(
      warn(
        `The workspace is on ${remote}: edits made on another machine are not noticed`,
        'Keep it on a local disk.',
      ),
    );
  const mend = 'Free some: "upkeep logs" lists the size of each log, `logs.maxSize` bounds it.';
  if (free < TIGHT) findings.push(bad(`Only ${bytes(free)} of disk space are free`, mend));
  else if (free < LITTLE) findings.push(warn(`Only ${bytes(free)} of disk space are free`, mend));
  else findings.push(ok(`${bytes(free)} of disk space are free`));
  if (files > 0 && ffree < 1_000)
    findings.push(
      bad(`Only ${ffree} more files can be made on this disk`, 'Remove some: df -i shows which disk.'),
    );
  return findings;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { rmSync } from 'node:fs';
import { errorCode } from '../../src/platform/files.ts';

/** As `rm -rf`, of a folder into which somebody may still write: again, until nothing of it is left. */
export function removeUnderWriters(path: string): void {
  for (;;) {
    try {
      return rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (errorCode(error) !== 'ENOTEMPTY') throw error;
    }
  }
}

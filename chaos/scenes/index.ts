/** All scenes. */
import { atRest } from './at-rest.ts';
import { briefScenes } from './brief.ts';
import { clock } from './clock.ts';
import { diskFull } from './disk-full.ts';
import { inotify } from './inotify.ts';
import { noSubreaper } from './no-subreaper.ts';
import { outputScenes } from './output.ts';
import { processes } from './processes.ts';
import { reboot } from './reboot.ts';
import type { Scene } from './scene.ts';

export const SCENES: readonly Scene[] = [
  atRest,
  diskFull,
  reboot,
  clock,
  noSubreaper,
  inotify,
  processes,
  ...outputScenes,
  ...briefScenes,
];

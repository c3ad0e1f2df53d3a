/** All scenes. */
import { clock } from './clock.ts';
import { diskFull } from './disk-full.ts';
import { inotify } from './inotify.ts';
import { noSubreaper } from './no-subreaper.ts';
import { reboot } from './reboot.ts';
import type { Scene } from './scene.ts';

export const SCENES: readonly Scene[] = [diskFull, reboot, clock, noSubreaper, inotify];

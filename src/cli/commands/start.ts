import { startCommand } from '../start-command.ts';

export default startCommand(
  'start',
  'start the daemon if needed and the named services (names, globs, groups; all by default), and return when they are ready',
);

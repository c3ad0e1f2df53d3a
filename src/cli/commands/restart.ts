import { startCommand } from '../start-command.ts';

export default startCommand(
  'restart',
  'restart the named services (names, globs, groups; all by default), and return when they are ready again',
);

/** `upkeep top`: the terminal UI. */
import { defineCommand } from 'citty';
import { connect } from '../../api/index.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { canAsk } from '../ask.ts';
import { wantsColour } from '../logs/screen.ts';
import { openTop } from '../top/session.ts';
import { styleOf } from '../top/style.ts';

export default defineCommand({
  meta: {
    name: 'top',
    description:
      'Watch and steer services in the terminal: what runs, what it prints, and why. ? shows the keys',
  },
  async run() {
    if (!canAsk())
      throw new UserError(
        ExitCode.usage,
        '"upkeep top" needs a terminal, for input and output.',
        'For a look: upkeep status; for programs: upkeep status --json, upkeep logs --json.',
      );
    const { env } = process;
    const style = styleOf(wantsColour({ env, isTTY: true }), env);
    process.exit(await openTop(connect(process.cwd(), 'top'), style));
  },
});

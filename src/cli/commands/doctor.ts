import { defineCommand } from 'citty';
import colors from 'picocolors';
import { ExitCode } from '../../contract/exit-codes.ts';
import { examine } from '../doctor/examine.ts';
import { doctorReport } from '../doctor/report.ts';
import { wantsColour } from '../logs/screen.ts';

export default defineCommand({
  meta: {
    name: 'doctor',
    description:
      'Check this machine and workspace, and say how to mend what is wrong. Exit 1 when something is',
  },
  args: { json: { type: 'boolean', description: 'Print the findings as JSON' } },
  async run({ args }) {
    const chapters = await examine(__UPKEEP_VERSION__);
    const colour = wantsColour({ env: process.env, isTTY: process.stdout.isTTY });
    const broken = chapters.some(({ findings }) => findings.some(({ level }) => level === 'bad'));
    process.stdout.write(
      args.json
        ? `${JSON.stringify({ ok: !broken, chapters }, null, 2)}\n`
        : doctorReport(chapters, colors.createColors(colour)),
    );
    if (broken) process.exitCode = ExitCode.failed;
  },
});

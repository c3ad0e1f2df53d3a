/** `upkeep init`: looks at the project, shows what it would write, asks, writes. */
import { defineCommand } from 'citty';
import { IMPORT_KINDS, type ImportKind } from '../../config/import/draft.ts';
import { applyPlan, type InitPlan, planInit } from '../../config/import/plan.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { nearest } from '../../contract/nearest.ts';
import { ask, canAsk } from '../ask.ts';

export default defineCommand({
  meta: { name: 'init', description: 'look at this project and write a configuration for it' },
  args: {
    yes: { type: 'boolean', alias: 'y', description: 'write without asking' },
    'dry-run': { type: 'boolean', description: 'show what would be written, and write nothing' },
    from: {
      type: 'string',
      valueHint: IMPORT_KINDS.join('|'),
      description: 'take the services from one kind of source only',
    },
    force: {
      type: 'boolean',
      description: 'write although there is a configuration; the old one is kept beside it',
    },
    json: { type: 'boolean', description: 'print the plan as JSON' },
  },
  async run({ args }) {
    const plan = await planInit(process.cwd(), { from: importKind(args.from), force: args.force === true });
    const consent = await decide(plan, {
      json: args.json === true,
      yes: args.yes === true,
      dryRun: args['dry-run'] === true,
    });
    if (consent) applyPlan(plan);
    if (args.json) process.stdout.write(`${JSON.stringify(report(plan, consent), null, 2)}\n`);
    else if (consent) process.stdout.write(`\nDone. Start everything with: ${plan.start}\n`);
  },
});

function importKind(written: string | undefined): ImportKind | null {
  if (written === undefined) return null;
  const kind = IMPORT_KINDS.find((one) => one === written);
  if (kind !== undefined) return kind;
  const meant = nearest(written, IMPORT_KINDS);
  throw new UserError(
    ExitCode.usage,
    `--from cannot be "${written}".`,
    meant === null ? `Known: ${IMPORT_KINDS.join(', ')}.` : `Did you mean "${meant}"?`,
  );
}

interface Manner {
  json: boolean;
  yes: boolean;
  dryRun: boolean;
}

/** Shows the plan to a person, and says whether it is to be carried out. */
async function decide(plan: InitPlan, { json, yes, dryRun }: Manner): Promise<boolean> {
  if (!json) process.stdout.write(`${planText(plan)}\n`);
  if (dryRun) return false;
  if (yes) return true;
  // With --json a program reads the answer, and nobody a question.
  if (json || !canAsk()) {
    throw new UserError(
      ExitCode.usage,
      'Nothing was written: there is nobody to ask.',
      'Add --yes to write, or --dry-run to look.',
    );
  }
  const agreed = await ask('\nWrite this? [y/N] ');
  if (!agreed) {
    process.stdout.write('Nothing was written.\n');
    process.exitCode = ExitCode.failed;
  }
  return agreed;
}

const WILL = { create: 'Create', change: 'Change', replace: 'Replace' } as const;

function planText({ workspace, draft, alternatives, changes, setAside, notes }: InitPlan): string {
  const lines = [`Found ${draft.from} in ${workspace}`];
  for (const kind of alternatives) lines.push(`Also possible: --from ${kind}`);
  for (const { from, to } of setAside) lines.push('', `Keep ${from} as ${to}`);
  for (const { file, action, text, details } of changes) {
    lines.push('', `${WILL[action]} ${file} (${details.join('; ')})`);
    if (file.startsWith('upkeep.config.'))
      lines.push(
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => (line === '' ? '' : `  ${line}`)),
      );
  }
  if (draft.skipped.length > 0) lines.push('', 'Left out:');
  for (const { name, reason } of draft.skipped) lines.push(`  ${name}: ${reason}`);
  if (notes.length > 0) lines.push('', 'Please note:');
  for (const note of notes) lines.push(`  ${note}`);
  return lines.join('\n');
}

function report({ workspace, draft, alternatives, changes, setAside, notes }: InitPlan, written: boolean) {
  const { kind, from, services, skipped } = draft;
  return { workspace, kind, from, alternatives, services, changes, setAside, skipped, notes, written };
}

import { realpathSync } from 'node:fs';
import { defineCommand } from 'citty';
import colors from 'picocolors';
import { readRuns, serviceNames } from '../../api/graph/runs.ts';
import { readJournal, serviceOf } from '../../api/journal.ts';
import { runsPage } from '../../api/runs-page.ts';
import { findReadableRoot, findWorkspace } from '../../client/workspace.ts';
import type { Run } from '../../contract/api/history.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { readReport } from '../../status/report.ts';
import { ofFile } from '../graph/of-file.ts';
import { wantsColour } from '../logs/screen.ts';
import { oneService } from '../one-service.ts';
import { nowLine } from '../why/now.ts';
import { tellRuns } from '../why/tell.ts';

const DEFAULT_RUNS = 10;

export default defineCommand({
  meta: {
    name: 'why',
    description: 'Tell why a service was started, stopped or restarted: its last runs, newest first',
  },
  args: {
    name: { type: 'positional', required: false, description: 'The service' },
    file: {
      type: 'string',
      valueHint: 'PATH',
      description: 'Instead: which services an edit of this file would restart, and through which imports',
    },
    runs: {
      type: 'string',
      alias: 'n',
      valueHint: 'N',
      description: `So many last runs; a crash loop counts as one (default ${DEFAULT_RUNS})`,
    },
    run: { type: 'string', valueHint: 'N', description: 'Only this run' },
    json: { type: 'boolean', description: 'Print the runs as JSON, newest first' },
  },
  async run({ args }) {
    if (args.file !== undefined) return print(await concernedBy(args.file, args._, args.json === true));
    const count = runCount(args.runs);
    const workspace = findWorkspace();
    const { root } = workspace;
    const journal = readJournal(workspacePaths(root).journal);
    const service = await oneService('why', args._, root, [...workspace.serviceNames, ...namesIn(journal)]);
    const only = args.run === undefined ? null : numberOf('--run', args.run);
    const query = { limit: count, ...(only !== null && { run: only }) };
    const page = runsPage(workspace, journal, service, query, Date.now());
    if (only !== null && page.runs.length === 0) throw noSuchRun(service, only);
    if (args.json) return print(`${JSON.stringify(page.runs.map(facts), null, 2)}\n`);
    if (page.runs.length === 0) return print(`${service} has never been started here.\n`);
    const status = readReport(root)?.services.find(({ name }) => name === service);
    const colours = colors.createColors(wantsColour({ env: process.env, isTTY: process.stdout.isTTY }));
    print(`${nowLine(service, status)}\n\n${tellRuns(page, Date.now(), colours)}`);
  },
});

/** The same answer as `upkeep graph --file`. */
async function concernedBy(file: string, names: string[], asJson: boolean): Promise<string> {
  if (names.length > 0)
    throw new UserError(
      ExitCode.usage,
      '"upkeep why" takes a service or --file, not both.',
      `For the file: upkeep why --file ${file}`,
    );
  const root = realpathSync(findReadableRoot());
  const text = await ofFile(root, file, readRuns(root, serviceNames(root)), asJson ? 'json' : 'tree');
  return text.endsWith('\n') ? text : `${text}\n`;
}

function runCount(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RUNS;
  return numberOf('-n', text);
}

function numberOf(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError(
    ExitCode.usage,
    `${option} takes a number from 1, not "${text}".`,
    `For example: upkeep why web ${option} 3`,
  );
}

function noSuchRun(service: string, run: number): UserError {
  return new UserError(
    ExitCode.usage,
    `Nothing is known of run ${run} of ${service}.`,
    `Its last runs: upkeep why ${service}`,
  );
}

function namesIn(journal: JournalEntry[]): string[] {
  return [...new Set(journal.map(serviceOf).filter((name) => name !== null))];
}

function facts({ entries: _, repeats, ...run }: Run) {
  return {
    ...run,
    startedAt: iso(run.startedAt),
    endedAt: iso(run.endedAt),
    repeats: repeats === null ? null : { ...repeats, since: iso(repeats.since) },
    story: run.story.map(({ text }) => text),
  };
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function print(text: string): void {
  process.stdout.write(text);
}

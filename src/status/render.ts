/** The status table. */

import { bytes } from '../contract/bytes.ts';
import { dayAndTime } from '../contract/clock.ts';
import { age } from '../contract/duration.ts';
import { readyWords } from '../contract/ready-count.ts';
import type { ServiceStatus, StatusReport } from '../contract/status.ts';
import { describeCause, describeExit, describeReason } from '../contract/words.ts';
import type { Colours } from './colours.ts';
import { renderTable } from './table.ts';

const COLUMNS = [
  { head: 'SERVICE' },
  { head: 'STATE' },
  { head: 'URL', optional: 1 },
  { head: 'PID', align: 'right', optional: 3 },
  { head: 'UPTIME', align: 'right', optional: 2 },
  { head: 'RESTARTS', align: 'right', optional: 6 },
  { head: 'CPU', align: 'right', optional: 5 },
  { head: 'MEMORY', align: 'right', optional: 4 },
  { head: 'LAST CAUSE', shrinks: true },
] as const;

/** `now`: epoch ms; `width`: columns of the terminal, null when it is none. */
export function renderStatus(
  report: StatusReport,
  now: number,
  width: number | null,
  colours: Colours,
): string {
  const rows = report.services.map((service) => [
    service.name,
    colourOf(service, colours)(stateWord(service)),
    service.url ?? '-',
    service.pid === null ? '-' : String(service.pid),
    service.startedAt === null ? '-' : age(now - Date.parse(service.startedAt)),
    String(service.restarts),
    service.cpu === null ? '-' : `${service.cpu.toFixed(1)} %`,
    service.memory === null ? '-' : bytes(service.memory),
    causeWord(service),
  ]);
  const remarks = [
    ...joined(report.services.map((service) => [service.name, remarksOf(service, now)])),
    ...report.notes,
  ];
  return [
    renderTable([...COLUMNS], rows, width, colours.dim),
    ...(remarks.length === 0 ? [] : ['', ...remarks.map((text) => colours.yellow(text))]),
    '',
    colours.dim(summary(report)),
  ].join('\n');
}

/** What is true of several services is told once. */
function joined(remarks: [service: string, texts: string[]][]): string[] {
  const names = new Map<string, string[]>();
  for (const [service, texts] of remarks)
    for (const text of texts) names.set(text, [...(names.get(text) ?? []), service]);
  return [...names].map(([text, of]) => `${of.join(', ')}: ${text}`);
}

function stateWord({ state, ready, waitingFor, editFailed }: ServiceStatus): string {
  if (state === 'ready' && !ready) return 'not answering';
  if (state === 'ready' && editFailed !== null) return 'ready (edit failed)';
  if (state === 'starting' && waitingFor.length > 0) return 'waiting';
  return state;
}

function colourOf({ state, ready, editFailed }: ServiceStatus, colours: Colours): (text: string) => string {
  if (state === 'ready' && ready && editFailed !== null) return colours.yellow;
  if (state === 'ready') return ready ? colours.green : colours.red;
  if (state === 'crashed' || state === 'backoff') return colours.red;
  return state === 'starting' || state === 'stopping' ? colours.yellow : colours.dim;
}

function causeWord({ cause, state, exit }: ServiceStatus): string {
  if (state === 'exited' && exit !== null) return describeExit(exit);
  return cause === null ? '-' : describeCause(cause);
}

/** What a person has to know beyond the row. */
function remarksOf(service: ServiceStatus, now: number): string[] {
  const { reason, waitingFor, retryAt, exit, state, editFailed, unheld, successor } = service;
  return [
    ...(reason === null
      ? []
      : [`${describeReason(reason, exit)}; an edit, "upkeep start" or "upkeep restart" tries again`]),
    ...(state === 'backoff' && retryAt !== null
      ? [
          `${exit === null ? 'it ended' : describeExit(exit)}, next try at ${dayAndTime(Date.parse(retryAt), now)}`,
        ]
      : []),
    ...(successor === null
      ? []
      : [
          `run ${successor.run} (${describeCause(successor.cause)}) is about to take over from run ${service.run}`,
        ]),
    ...(editFailed === null ? [] : [failedWords(service.name, editFailed, service.run)]),
    ...(isDropped(service) ? [`mode ${service.mode}: ${service.modeReason}`] : []),
    ...(unheld === null ? [] : [`a restart of it refuses connections for a moment: ${unheld}`]),
    ...(waitingFor.length === 0 ? [] : [`waits for ${waitingFor.join(', ')}`]),
    ...(service.configChanged
      ? ['runs with an older configuration; "upkeep restart" applies the new one']
      : []),
    ...service.notes,
  ];
}

/** It is another mode than its configuration says. */
function isDropped({ mode, modeReason }: ServiceStatus): boolean {
  return mode === 'plain' && modeReason !== null && /"mode: /.test(modeReason);
}

function failedWords(
  name: string,
  { run, cause, message }: NonNullable<ServiceStatus['editFailed']>,
  serving: number | null,
): string {
  return `run ${run} (${describeCause(cause)}) ${message}; run ${serving} goes on, the next save tries again. See: upkeep why ${name}`;
}

function summary({ workspace, daemon, services }: StatusReport): string {
  const who = daemon === null ? 'daemon not running' : `daemon ${daemon.version}, pid ${daemon.pid}`;
  return `${readyWords(services)}, ${who}, ${workspace}`;
}

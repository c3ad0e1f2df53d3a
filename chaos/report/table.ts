/** What the machine found, as a table: for the terminal and for documents. */
import { quantile, type Tally } from '../tally.ts';

export interface Setting {
  readonly cores: number;
  readonly processor: string;
  /** Average over the last 15 minutes, the machine's own included. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
  readonly seed: number;
  readonly minutes: number;
}

export interface Row {
  readonly what: string;
  readonly upkeep: string;
  /** Empty when it was not measured. */
  readonly pm2: string;
}

const number = (value: number) => value.toLocaleString('en-US');

/** What PM2 has there. */
const ALONE = 'not by itself';

export function rowsOf(upkeep: Tally, pm2: Tally | null): Row[] {
  const row = (what: string, of: (tally: Tally) => string, peer: string | null = null): Row => ({
    what,
    upkeep: of(upkeep),
    pm2: pm2 === null ? '' : (peer ?? of(pm2)),
  });
  return [
    row('faults injected', ({ injected }) => number(injected)),
    row('`kill -9` of the daemon among them', ({ daemonKills }) => number(daemonKills)),
    row('requests that failed', ({ failed, asked }) => `${number(failed)} of ${number(asked)}`),
    row('requests inside a server that was itself killed or hit', ({ died }) => number(died), '–'),
    row('lines lost', ({ lost, printed }) => `${number(lost)} of ${number(printed)}`),
    row('lines doubled or garbled', ({ doubled, garbled }) => number(doubled + garbled)),
    row(
      'exits of ended runs that are not known',
      ({ unknownExits, exits }) => `${number(unknownExits)} of ${number(exits + unknownExits)}`,
      '–',
    ),
    row('second copies of a service', ({ duplicates }) => number(duplicates)),
    row('processes left behind by a stop', ({ leftBehind }) => number(leftBehind), '–'),
    row('bystanders touched', ({ disturbed }) => number(disturbed), '–'),
    row('`kill -9` of the daemon to its answer, p50, at rest', at(0.5, 'restBack'), ALONE),
    row('a bare server behind a shell loop, at rest', at(0.5, 'restBareBack'), '–'),
    row('the daemon under the load of the faults, p50', at(0.5, 'back'), ALONE),
    row('the same, p99', at(0.99, 'back'), ALONE),
    row('a bare server under that load, p50', at(0.5, 'bareBack'), '–'),
  ];
}

const at = (share: number, times: 'back' | 'bareBack' | 'restBack' | 'restBareBack') => (tally: Tally) =>
  inMs(quantile(tally[times], share));

function inMs(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(0)} ms`;
}

export function terminalTable(rows: readonly Row[]): string {
  const cells = [['', 'Upkeep', 'PM2'], ...rows.map(({ what, upkeep, pm2 }) => [what, upkeep, pm2])];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map(([what = '', ...values]) =>
      [what.padEnd(widths[0] ?? 0), ...values.map((value, at) => value.padStart(widths[at + 1] ?? 0))]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdownTable(rows: readonly Row[], setting: Setting): string {
  const { cores, processor, load, system, node, seed, minutes } = setting;
  return [
    `Counted from outside by \`npm run chaos\` (seed ${seed}, ${minutes} minutes) on ${cores} cores (${processor}) with a load of ${load}, ${system}, Node ${node}. PM2 had only its daemon killed, and was started again by a command each time. What happens and how it is counted: [the fault machine](docs/chaos.md).`,
    '',
    '| what | Upkeep | PM2 |',
    '|---|---|---|',
    ...rows.map(({ what, upkeep, pm2 }) => `| ${what} | ${upkeep} | ${pm2} |`),
  ].join('\n');
}

/** `text` with what stands between the markers replaced. Throws when they are not there. */
export function betweenMarkers(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end} to write into`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

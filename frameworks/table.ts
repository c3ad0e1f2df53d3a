/** The results as a page of the documentation. Pure. */
import type { Count, Outcome } from '../test/frameworks/trial.ts';

export interface Result extends Outcome {
  readonly name: string;
  /** Null: Node's own. */
  readonly version: string | null;
  /** The version that ran it. */
  readonly node: string;
  /** On port 3000. */
  readonly command: string;
  readonly ownReload: boolean;
}

const INTRODUCTION = `# Frameworks

_"I use Fastify, Vite, Nest. Does it hold there?"_

Each was started as its documentation says, with a declared \`port\` and nothing else set, and asked all the time by four clients: two over new connections, two over one that they keep. Meanwhile it was edited three times, each edit seen to answer; edited to a syntax error and mended; restarted by \`upkeep restart\`; and killed by \`kill -9\`. Written by \`npm run frameworks\` (a part of them: \`-- -t Next\`), which needs about a gigabyte and a quarter of an hour; the packages are those of \`frameworks/package-lock.json\`.
`;

const NOTES = `
- **edits**, **broken edit**, **restart**, **crash**: requests that failed, of those that were asked in that time.
- **broken edit**: of all answers meanwhile none came from anything but the run before. \`own\`: the program shows mistakes itself.
- A **crash** fails what was inside the dead process: at most one request of each client.
- **reloads itself**: Upkeep does not restart it when it is edited ([watching](watching.md)). What fails there, fails inside the program: nodemon, \`nest start --watch\`, json-server and Next and Vite (when their configuration changes) end their server with what it was answering. No connection is refused meanwhile, since the port is held.
- Vite, Next.js and Astro run once in a folder, hence \`handoff\`: clients wait while one ends and the next starts. Next.js builds its first page anew then, which takes some seconds; a client that gives up after 20 s may do so on a machine that is busy enough.
- NestJS by \`npm start\` compiles \`src\` into \`dist\` at its start, and runs that: it has \`watch.include: ["src/**"]\`. What a new run compiles is an edit of what the run before has loaded, so each edit takes two restarts.
`;

const HEAD = [
  'framework',
  'Node',
  'started by',
  'mode',
  'edits',
  'restarts by them',
  'broken edit',
  'restart',
  'crash',
];

export function page(results: readonly Result[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...results.map(row)];
  const table = rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  return `${INTRODUCTION}\n${table}${NOTES}`;
}

function row(result: Result): string[] {
  const { name, version, node, command, mode, unheld, edits, restarts, ownReload, broken, restart, crash } =
    result;
  return [
    version === null ? name : `${name} (${version})`,
    node,
    `\`${command}\``,
    unheld === null ? mode : `plain: ${unheld}`,
    failedOf(edits),
    ownReload && restarts === 0 ? 'none: reloads itself' : String(restarts),
    broken === null ? 'own' : broken.goesOn ? `${failedOf(broken)}, the run before serves` : 'takes it down',
    failedOf(restart),
    failedOf(crash),
  ];
}

function failedOf({ failed, asked }: Count): string {
  return `${failed} of ${asked.toLocaleString('en')}`;
}

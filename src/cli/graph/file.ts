/** Whom an edit of a file concerns, in words and as facts. Pure. */
import stringWidth from 'fast-string-width';
import type { Concern, Concerned } from '../../api/graph/concerned.ts';
import type { Colours } from '../../status/colours.ts';
import { remark } from './overview.ts';

const ARROW = ' → ';

/** `file` and what `shown` answers are ready for the screen. */
export function fileText(
  file: string,
  { concerns, readBy, unsure }: Concerned,
  shown: (path: string) => string,
  { dim }: Colours,
): string {
  const restarts = concerns.filter(({ effect }) => effect === 'restart');
  const noticed = concerns.filter(({ effect, why }) => effect === 'nothing' && why === 'packages');
  const ignored = concerns.filter((concern) => concern.ignored);
  const idle = concerns.filter(
    ({ effect, why, ignored: isOut }) => effect === 'nothing' && why !== 'packages' && !isOut,
  );
  const nothing = restarts.length === 0 ? `An edit of ${file} restarts nothing. ` : '';
  const parts = [
    told(`An edit of ${file} restarts ${count(restarts)}:`, concernLines(restarts, shown)),
    told(
      `${nothing}It concerns ${count(idle)} that ${idle.length === 1 ? 'is' : 'are'} stopped or not watched:`,
      concernLines(idle, shown),
    ),
    told(
      `${idle.length === 0 ? nothing : ''}The \`watch\` of ${count(ignored)} leaves it out, by \`ignore\` or \`!\`:`,
      concernLines(ignored, shown),
    ),
    told(
      `${restarts.length + idle.length + ignored.length === 0 ? `An edit of ${file} restarts nothing: it` : 'It'} says which packages there are. \`status\` tells of it; \`watch: { packages: true }\` restarts:`,
      noticed.map(({ service }) => `  ${service}`),
    ),
    told(
      'Read at run time, not watched; add it to `watch` of:',
      readBy.map((service) => `  ${service}`),
    ),
    concerns.length === 0 && readBy.length === 0 ? [...nobody(file, unsure.length === 0)] : [],
    told(
      'It cannot be told of:',
      unsure.map(({ service, exactness }) => `  ${service}: ${remark(exactness) ?? ''}`).map(dim),
    ),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function told(head: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [head, ...lines];
}

function count({ length }: unknown[]): string {
  return length === 1 ? '1 service' : `${length} services`;
}

function concernLines(concerns: Concern[], shown: (path: string) => string): string[] {
  const width = Math.max(0, ...concerns.map(({ service }) => stringWidth(service)));
  return concerns.map(
    (concern) =>
      `  ${concern.service}${' '.repeat(width - stringWidth(concern.service))}  ${because(concern, shown)}`,
  );
}

function because({ why, chain }: Concern, shown: (path: string) => string): string {
  const path = (chain ?? []).map(shown).join(ARROW);
  switch (why) {
    case 'loaded':
      return path === '' ? 'loaded it' : path;
    case 'missing':
      return `${path} (missing)`;
    case 'env':
      return 'it is one of its env files';
    case 'command':
      return 'named by its command';
    case 'watch':
      return 'named by its `watch`';
    case 'sources':
      return 'it is among its sources';
    case 'packages':
      return 'it says which packages there are';
  }
}

function nobody(file: string, isSure: boolean): string[] {
  return [
    isSure
      ? `No service loaded ${file}: an edit restarts nothing.`
      : `No service is known to have loaded ${file}.`,
    '  If a service uses it in another way, name it there: watch: { include: [PATH] }',
  ];
}

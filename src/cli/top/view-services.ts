/** The list of services, a row each. Pure. */

import { bytes } from '../../contract/bytes.ts';
import { age } from '../../contract/duration.ts';
import type { ServiceStatus } from '../../contract/status.ts';
import { firstService, type Layout, STATE, UPTIME } from './layout.ts';
import { type Model, shownServices } from './model.ts';
import { painted, stateOf } from './service-words.ts';
import { PLAIN_STYLE, reversed, type Style } from './style.ts';
import { fitted } from './text.ts';

/** Each row is as wide as the layout's left part. */
export function serviceRows(model: Model, layout: Layout, now: number, style: Style): string[] {
  const shown = shownServices(model);
  const room = layout.body - 1;
  const first = firstService(model, room);
  const usage = new Map(model.metrics?.services.map((each) => [each.name, each]));
  const rows = shown
    .slice(first, first + room)
    .map((service) => row(model, service, usage.get(service.name), layout, now, style));
  if (rows.length === 0 && model.report !== null)
    rows.push(style.colours.dim(fitted('  Esc shows all', layout.left, style.signs.more)));
  const above = first > 0;
  const below = shown.length > first + room;
  return [heading(model, layout, { above, below, hidden: shown.length }, style), ...rows];
}

function heading(
  model: Model,
  layout: Layout,
  { above, below, hidden: count }: { above: boolean; below: boolean; hidden: number },
  { colours, signs }: Style,
): string {
  const all = model.report?.services.length ?? 0;
  const filter = model.filter === '' ? '' : ` /${model.filter}`;
  const more = `${above ? ' ^' : ''}${below ? ' v' : ''}`;
  const title = count === all ? `SERVICES${more}` : `${count} OF ${all}${filter}${more}`;
  const head =
    `    ${fitted(title, layout.name + STATE, signs.more)}` +
    `${layout.uptime ? 'UP'.padStart(UPTIME - 1).padEnd(UPTIME) : ''}` +
    `${layout.usage ? `${'CPU'.padStart(6)}${'MEMORY'.padStart(10)} ` : ''}`;
  return colours.dim(fitted(head, layout.left, ''));
}

function row(
  model: Model,
  service: ServiceStatus,
  usage: { cpu: number | null; memory: number | null } | undefined,
  layout: Layout,
  now: number,
  style: Style,
): string {
  const isSelected = service.name === model.selected;
  // Reversed colours would be blocks; the sign and the word say the same.
  const its = isSelected ? { ...style, colours: PLAIN_STYLE.colours } : style;
  const { signs, colours } = its;
  const { look, word } = stateOf(service, now);
  const mark = model.marked.has(service.name) ? colours.yellow(signs.marked) : ' ';
  const uptime = service.startedAt === null ? '' : age(now - Date.parse(service.startedAt));
  const cells =
    `${isSelected ? signs.pointer : ' '}${mark}${painted(look, signs[look], its)} ` +
    `${fitted(service.name, layout.name, signs.more)}` +
    `${painted(look, fitted(` ${word}`, STATE, signs.more), its)}` +
    `${layout.uptime ? `${uptime.padStart(UPTIME - 1)} ` : ''}` +
    `${layout.usage ? usageCells(service, usage) : ''}`;
  return isSelected ? reversed(cells) : cells;
}

function usageCells(
  service: ServiceStatus,
  usage: { cpu: number | null; memory: number | null } | undefined,
): string {
  const cpu = usage === undefined ? service.cpu : usage.cpu;
  const memory = usage === undefined ? service.memory : usage.memory;
  return `${(cpu === null ? '' : `${cpu.toFixed(cpu < 100 ? 1 : 0)}%`).padStart(6)}${(memory === null ? '' : bytes(memory)).padStart(10)} `;
}

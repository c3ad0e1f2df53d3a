/** What stands right of the services: two lines about the service, then the log, a text or the help. Pure. */
import { KEYS } from './keys.ts';
import type { Layout } from './layout.ts';
import { logRows } from './log-rows.ts';
import { type Model, selectedService } from './model.ts';
import { factsOf, remarkOf } from './service-words.ts';
import type { Style } from './style.ts';
import { clean, textRows, truncated, width } from './text.ts';

/** At most `layout.right` wide each; as many rows as the pane has. */
export function paneRows(model: Model, layout: Layout, now: number, style: Style): string[] {
  const { pane } = model;
  const head = headOf(model, layout, now, style);
  switch (pane.kind) {
    case 'log':
      return [...head, ...logRows(model, layout, style)];
    case 'text': {
      const lines = pane.lines ?? [`one moment ${style.signs.more}`];
      return [...head, ...textRows(lines, layout.right).slice(pane.top, pane.top + layout.log)];
    }
    case 'help':
      return [
        style.colours.bold('Keys'),
        style.colours.dim(truncated('Esc closes; PgUp and PgDn move', layout.right)),
        ...helpRows(layout, style).slice(pane.top, pane.top + layout.log),
      ];
  }
}

function headOf(model: Model, { right }: Layout, now: number, style: Style): [string, string] {
  const { colours, signs } = style;
  const service = selectedService(model);
  const cut = (text: string) => (width(text) > right ? `${truncated(text, right - 1)}${signs.more}` : text);
  const title = titleOf(model, style);
  if (service === null) return [colours.bold(cut(title)), ''];
  if (model.logOf === null && model.pane.kind === 'log')
    return [colours.bold(cut(title)), colours.dim(cut(`selected: ${service.name}`))];
  const { text, bad } = remarkOf(service, now);
  const remark = cut(clean(text, false));
  const facts = fitting(factsOf(service, now), right - width(title));
  return [
    `${colours.bold(cut(title))}${colours.dim(facts)}`,
    bad ? colours.yellow(remark) : colours.dim(remark),
  ];
}

/** As many as there is room for; one that is too long is left out. */
function fitting(facts: string[], columns: number): string {
  return facts.reduce((line, fact) => {
    const longer = `${line}  ${fact}`;
    return width(longer) > columns ? line : longer;
  }, '');
}

function titleOf(model: Model, { signs }: Style): string {
  const { pane } = model;
  if (pane.kind === 'text') return `${pane.service}: ${pane.about === 'why' ? 'why' : 'loaded files'}`;
  const whose = model.logOf ?? 'all services';
  if (model.log.bottom === null) return model.loading ? `${whose} ${signs.more}` : whose;
  return `${whose} [paused${model.log.unseen > 0 ? `, ${model.log.unseen} new` : ''}]`;
}

const KEY_COLUMNS = 9;

function helpRows({ right }: Layout, { colours, signs }: Style): string[] {
  return KEYS.map((entry) => {
    if (typeof entry === 'string') return colours.bold(entry);
    const keys = signs.border === '|' ? entry.shown.replace('↑', 'Up').replace('↓', 'Dn') : entry.shown;
    return truncated(`  ${colours.cyan(keys.padEnd(KEY_COLUMNS))}${entry.text}`, right);
  });
}

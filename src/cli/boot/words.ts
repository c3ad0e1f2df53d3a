/** The texts of `upkeep boot`. */
import { userInfo } from 'node:os';
import type { BootAgent } from '../../boot/agent.ts';
import type { BootState } from './state.ts';

export function planText({ kind, file }: BootAgent, text: string, isThere: boolean): string {
  const what = kind === 'systemd' ? 'a systemd user unit' : 'a launchd agent';
  const indented = text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`));
  const lines = [`${isThere ? 'Replace' : 'Create'} ${file} (${what})`, ...indented];
  if (kind === 'systemd') lines.push('', 'Run systemctl --user daemon-reload', 'Run systemctl --user enable');
  return lines.join('\n');
}

export function stateText(state: BootState): string {
  const { enabled, start, services, kind, file, obstacle, problems } = state;
  if (obstacle !== null)
    return `Boot is not enabled, and cannot be here: ${obstacle.text}.\n  → ${obstacle.mend}\n`;
  if (start === null && problems.length === 0)
    return 'Boot is not enabled: after a reboot, nothing starts by itself. To change that: upkeep boot enable\n';
  const lines = [
    enabled ? `Boot is enabled: after a reboot, ${whatStarts(services)}.` : 'Boot is not enabled.',
    `  ${kind}  ${file}`,
  ];
  if (start !== null) lines.push(`  node     ${start.node}`, `  upkeep   ${start.daemon}`);
  lines.push(...lingerLines(state));
  for (const { text, mend } of problems) lines.push(`✖ ${text}`, `  → ${mend}`);
  return `${lines.join('\n')}\n`;
}

/** When it happens, and how to have it sooner. */
export function lingerLines({ kind, lingers }: Pick<BootState, 'kind' | 'lingers'>): string[] {
  if (kind === 'launchd') return ['  when     you log in (that is when launchd starts agents)'];
  if (lingers === true) return ['  when     the machine starts, before anybody logs in'];
  return [
    '  when     you log in, until you have logged out everywhere. To have it without you:',
    `           loginctl enable-linger ${userInfo().username}`,
  ];
}

function whatStarts(services: readonly string[]): string {
  return services.length === 0
    ? 'what is running then is started again (now that is nothing)'
    : `${services.join(', ')} ${services.length === 1 ? 'is' : 'are'} started again`;
}

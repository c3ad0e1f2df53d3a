/** Where the machine's own supervisor keeps what it starts for this user, and in which form. */
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { listFolder, readText } from '../platform/files.ts';
import { workspaceId } from '../platform/paths.ts';
import { agentText, readAgent } from './launchd.ts';
import type { BootStart } from './start.ts';
import { readUnit, unitText } from './systemd.ts';

export type BootKind = 'systemd' | 'launchd';

export interface BootAgent {
  kind: BootKind;
  /** What the supervisor calls it. */
  name: string;
  /** Absolute path of the file that tells it. */
  file: string;
}

export interface BootPlace {
  platform: NodeJS.Platform;
  home: string;
  /** XDG_CONFIG_HOME, where that is set. */
  config: string | undefined;
}

/** Longest part of a name that is only there for a person to read. */
const LONGEST_WORD = 40;

export function thisPlace(): BootPlace {
  return { platform: process.platform, home: homedir(), config: process.env['XDG_CONFIG_HOME'] };
}

/** `root`: a workspace that is there. Its name stays the same for as long as the workspace stays where it is. */
export function bootAgent(root: string, place = thisPlace()): BootAgent {
  const word = basename(root)
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, LONGEST_WORD);
  const kind = kindOf(place);
  const name = nameOf(kind, `${word}-${workspaceId(root)}`);
  return { kind, name, file: join(folderOf(place), fileName(kind, name)) };
}

export function agentFile(agent: BootAgent, start: BootStart): string {
  return agent.kind === 'systemd' ? unitText(start) : agentText(agent.name, start);
}

/** What its file says; null: there is none, or it is not one of ours. */
export function readAgentFile({ kind, file }: Pick<BootAgent, 'kind' | 'file'>): BootStart | null {
  const text = readText(file);
  if (text === null) return null;
  return kind === 'systemd' ? readUnit(text) : readAgent(text);
}

/** All that are ours on this machine, with what they start. */
export function allAgents(place = thisPlace()): (BootAgent & { start: BootStart })[] {
  const kind = kindOf(place);
  return listFolder(folderOf(place)).flatMap((name) => {
    const file = join(folderOf(place), name);
    if (!PATTERN[kind].test(name)) return [];
    const start = readAgentFile({ kind, file });
    return start === null ? [] : [{ kind, name: name.replace(/\.plist$/, ''), file, start }];
  });
}

/** The link by which systemd knows that a unit is enabled: systemctl(1), enable. */
export function enablingLink({ kind, name, file }: BootAgent): string | null {
  return kind === 'systemd' ? join(file, '..', 'default.target.wants', name) : null;
}

const PATTERN: Record<BootKind, RegExp> = {
  systemd: /^upkeep-.*-[0-9a-f]{16}\.service$/,
  launchd: /^dev\.upkeep\..*-[0-9a-f]{16}\.plist$/,
};

function kindOf({ platform }: BootPlace): BootKind {
  return platform === 'darwin' ? 'launchd' : 'systemd';
}

function nameOf(kind: BootKind, word: string): string {
  return kind === 'systemd' ? `upkeep-${word}.service` : `dev.upkeep.${word}`;
}

function fileName(kind: BootKind, name: string): string {
  return kind === 'systemd' ? name : `${name}.plist`;
}

function folderOf(place: BootPlace): string {
  if (kindOf(place) === 'launchd') return join(place.home, 'Library/LaunchAgents');
  return join(place.config || join(place.home, '.config'), 'systemd/user');
}

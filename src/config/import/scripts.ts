/** A package.json script as a service. */
import { splitCommand } from '../command.ts';
import type { Service } from '../types.ts';
import { readIfThere } from './draft.ts';
import { entryFile, type Place } from './entry.ts';
import { type Manifest, packageManager } from './package-json.ts';
import { healthInSource, portInCommand, portInSource, portInViteConfig } from './ports.ts';

/** Programs that restart or reload by themselves: two watchers would fight over each edit. */
const OWN_WATCHER =
  /\bnode\b.*\s--watch\b|\b(?:nodemon|ts-node-dev|tsnd)\b|\btsx\s+watch\b|\b(?:next|nuxt|nuxi|astro|remix|expo|wrangler|react-router)\s+dev\b|\b(?:vite|react-scripts\s+start|vue-cli-service\s+serve|ng\s+serve|gatsby\s+develop|webpack(?:-dev-server|\s+serve)|parcel|storybook\s+dev|nest\s+start\s+.*--watch|bun\s+.*--(?:watch|hot))\b/;

export interface ScriptService {
  script: 'dev' | 'start';
  service: Service;
  /** It reloads by itself, so Upkeep leaves its files alone. */
  ownWatcher: boolean;
}

/** `dev`, else `start`; null when there is neither, or when it is Upkeep itself. */
export function scriptService(folder: string, manifest: Manifest): ScriptService | null {
  const script = (['dev', 'start'] as const).find(
    (name) =>
      manifest.scripts[name] !== undefined && !/\bupkeep\b|server-daemon/.test(manifest.scripts[name]),
  );
  if (script === undefined) return null;
  const line = manifest.scripts[script] as string;
  const isPlain = isPlainNode(line);
  const { port, health } = whatItServes({ folder, main: manifest.main }, line);
  const ownWatcher = OWN_WATCHER.test(line);
  return {
    script,
    ownWatcher,
    service: {
      // npm itself takes a tenth of a second and more at each restart: a plain command is run as it is.
      command: !isPlain || hasHooks(script, manifest) ? `${packageManager(folder)} run ${script}` : line,
      ...(port === null ? {} : { port }),
      ...(health === null ? {} : { ready: { http: health } }),
      ...(ownWatcher ? { watch: false } : {}),
    },
  };
}

/** npm runs `predev` and `postdev` around `dev`; whoever runs its line does not. */
function hasHooks(script: string, { scripts }: Manifest): boolean {
  return scripts[`pre${script}`] !== undefined || scripts[`post${script}`] !== undefined;
}

/** The script is just `node file …`. */
function isPlainNode(line: string): boolean {
  const split = splitCommand(line);
  if (!('argv' in split) || split.argv[0] !== 'node') return false;
  return split.argv.slice(1).some((word) => /^[^-].*\.[cm]?[jt]s$/.test(word));
}

function whatItServes(place: Place, line: string): { port: number | null; health: string | null } {
  const entry = entryFile(place, line);
  const source = entry === null ? '' : (readIfThere(place.folder, entry) ?? '');
  const isVite = entry?.startsWith('vite.config.') === true;
  const port = portInCommand(line) ?? (isVite ? portInViteConfig(source) : portInSource(source));
  return { port, health: port === null || isVite ? null : healthInSource(source) };
}

/** What a person should know of services that were made from scripts, by name. */
export function scriptNotes(found: Map<string, ScriptService>): string[] {
  const all = [...found];
  const portless = all.filter(([, { service }]) => service.port === undefined).map(([name]) => name);
  return [
    ...all
      .filter(([, { ownWatcher }]) => ownWatcher)
      .map(([name]) => `${name} reloads by itself: Upkeep does not watch its files.`),
    ...(portless.length === 0
      ? []
      : [
          `${portless.join(', ')}: no port was found. What listens on one should say so (\`port\`), to be ready when it answers, with an address, and restarted without a gap.`,
        ]),
  ];
}

/** `@acme/api` is called api. */
export function shortName(packageName: string): string {
  return packageName.replace(/^@[^/]*\//, '');
}

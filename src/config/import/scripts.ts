/** A package.json script as a service. */
import { splitCommand } from '../command.ts';
import type { Service } from '../types.ts';
import { readIfThere } from './draft.ts';
import { type Manifest, packageManager } from './package-json.ts';
import { healthInSource, portInCommand, portInSource } from './ports.ts';

/** Programs that restart or reload by themselves: two watchers would fight over each edit. */
const OWN_WATCHER =
  /\bnode\b.*\s--watch\b|\b(?:nodemon|ts-node-dev|tsnd)\b|\btsx\s+watch\b|\b(?:next|nuxt|nuxi|astro|remix|expo|wrangler|react-router)\s+dev\b|\b(?:vite|react-scripts\s+start|vue-cli-service\s+serve|ng\s+serve|gatsby\s+develop|webpack(?:-dev-server|\s+serve)|parcel|storybook\s+dev|nest\s+start\s+.*--watch|bun\s+.*--(?:watch|hot))\b/;

interface ScriptService {
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
  const entry = nodeEntry(line);
  const source = entry === null ? null : readIfThere(folder, entry);
  const port = portInCommand(line) ?? (source === null ? null : portInSource(source));
  const health = source === null || port === null ? null : healthInSource(source);
  const ownWatcher = OWN_WATCHER.test(line);
  return {
    script,
    ownWatcher,
    service: {
      // npm itself takes a tenth of a second and more at each restart: a plain command is run as it is.
      command:
        entry === null || hasHooks(script, manifest) ? `${packageManager(folder)} run ${script}` : line,
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

/** The file of `node file …`, when the script is just that. */
function nodeEntry(line: string): string | null {
  const split = splitCommand(line);
  if (!('argv' in split) || split.argv[0] !== 'node') return null;
  return split.argv.slice(1).find((word) => /^[^-].*\.[cm]?[jt]s$/.test(word)) ?? null;
}

/** `@acme/api` is called api. */
export function shortName(packageName: string): string {
  return packageName.replace(/^@[^/]*\//, '');
}

/** How exactly it is known what a run loaded: decides what is watched for it, and what status says. Pure. */
import { OWN_ENVIRONMENT } from '../contract/report.ts';
import type { Loaded } from './loaded.ts';

export type Exactness =
  /** It tells what it loads. */
  | { kind: 'exact' }
  /** It takes care of edits itself, and is left alone: so its command says, or it tells of no file of the project. */
  | { kind: 'own-reload' }
  /** Nothing is watched (`watch: false`), so it was started without being asked. */
  | { kind: 'off' }
  /** It has only just begun. */
  | { kind: 'not-yet' }
  /** Its folder is watched instead. `reason`: words that follow "not exact: ". */
  | { kind: 'not-exact'; reason: string };

export interface RunFacts {
  /** Null when the run has no report. */
  loaded: Loaded | null;
  /**
   * Young: it is ready, but without a port to ask at that says little: its program may not have come to its first file,
   * behind a package manager or a compiler say. Settled: nothing more is to be expected from its start.
   */
  phase: 'starting' | 'young' | 'settled' | 'ended';
  /** The program that the service's command runs, behind shells and npm scripts; null when it cannot be read. */
  program: { readonly name: string; readonly words: readonly string[] } | null;
  /** Its command takes care of edits itself. */
  reloads: boolean;
  /** What makes the code that it runs, each time before it runs; null: nothing. */
  builder: string | null;
  /** The environment that the service itself is given, env files included. */
  env: Readonly<Record<string, string>>;
  /** False: by `watch: false`. */
  watched?: boolean;
}

/** Programs into which a hook goes, and those that start them. */
const HOOKED =
  /^(?:node|nodejs|npm|npx|pnpm|pnpx|yarn|corepack|tsx|ts-node|nodemon|next|vite|nest|python[\d.]*|uvicorn|gunicorn|flask|django-admin|poetry|uv|ruby|bundle|rails|rackup|puma)$/;
/** What a process says that watches its own sources (Flask's and Django's reloaders, `uvicorn --reload`). */
const RELOADS_ITSELF = 'reloads itself';
const SHELL = /^(?:ba|da|z|k)?sh$/;
/** With these words a part of a shell's line begins that runs no program of that name (POSIX.1-2017, XCU 2.4 and 2.14). */
const SHELL_WORD =
  /^(?:if|then|elif|else|fi|do|done|case|esac|while|until|for|in|function|[{}!:.]|break|continue|eval|exit|export|read|readonly|return|set|shift|trap|true|false|umask|unset|wait)$/;

export function exactness({
  loaded,
  phase,
  program,
  reloads,
  builder,
  env,
  watched = true,
}: RunFacts): Exactness {
  if (!watched && loaded?.hasHello !== true) return { kind: 'off' };
  if (reloads) return { kind: 'own-reload' };
  if (loaded === null) return notExact('this run was not asked what it loads');
  if (loaded.quiet.includes(RELOADS_ITSELF)) return { kind: 'own-reload' };
  const tells = loaded.size > 0 || loaded.missing.length > 0;
  if (loaded.isCut) return notExact('it reports more than Upkeep keeps account of');
  if (loaded.quiet.includes(OWN_ENVIRONMENT))
    return notExact(
      'a Node process that it starts is given an environment of its own (without NODE_OPTIONS)',
    );
  if (builder !== null)
    return notExact(`it runs what ${builder} builds, and from which sources is not known`);
  if (loaded.hasHello && tells) return { kind: 'exact' };
  if (phase === 'starting' || (phase === 'young' && maySpeak(loaded, program))) return { kind: 'not-yet' };
  if (!loaded.hasHello) return notExact(silence(loaded, program?.name ?? null, env));
  if (phase === 'ended') return notExact('it ended before it had loaded a file of the project');
  return { kind: 'own-reload' };
}

function maySpeak(loaded: Loaded, program: RunFacts['program']): boolean {
  return loaded.hasHello || loaded.quiet.length > 0 || (program !== null && HOOKED.test(program.name));
}

function notExact(reason: string): Exactness {
  return { kind: 'not-exact', reason };
}

/** Why no process of the run has said anything. */
function silence(loaded: Loaded, program: string | null, env: RunFacts['env']): string {
  const [manager] = loaded.quiet;
  if (manager !== undefined)
    return `what the ${manager} starts is not a Node, Python or Ruby program, or clears NODE_OPTIONS`;
  if ('NODE_OPTIONS' in env) return 'it is given NODE_OPTIONS of its own';
  if (program === null || SHELL.test(program) || SHELL_WORD.test(program))
    return 'none of its processes is a Node, Python or Ruby program';
  if (HOOKED.test(program)) return 'its process cleared its environment (NODE_OPTIONS, PYTHONPATH, RUBYOPT)';
  return `${program} is not a Node, Python or Ruby program`;
}

/** From a folder to the resolved configuration, or to an error that says all that is wrong. */
import { readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import type { ResolvedConfig } from '../contract/config.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { checkConfig } from './check.ts';
import { explicitConfigs, type FoundConfig, findConfigFile } from './find.ts';
import { type Problem, problemsError } from './problems.ts';
import { readSource } from './read/index.ts';
import type { Source } from './read/source.ts';
import { resolveConfig } from './resolve/index.ts';
import { isConsequence, soundPart } from './sound.ts';

/** Throws UserError (config) when there is none, or with every problem of the file. */
export async function loadConfig(cwd: string): Promise<ResolvedConfig> {
  const found = findConfigFile(cwd);
  if (found === null) {
    throw new UserError(
      ExitCode.config,
      `No configuration found in ${resolve(cwd)} or any folder above it.`,
      'Run `upkeep init` to write one.',
    );
  }
  refuseSecond(found);
  const shown = relative(cwd, found.file);
  const source = await readSource({ file: found.file, shown, text: readText(found.file, shown) });
  const { config, problems } = understand(source, found);
  if (config === null || problems.length > 0) throw problemsError(shown, problems, source.lineOf);
  return config;
}

function refuseSecond({ root }: FoundConfig): void {
  const files = explicitConfigs(root).map((file) => basename(file));
  if (files.length < 2) return;
  const names = files.map((file) => (file === 'package.json' ? 'the "upkeep" key in package.json' : file));
  throw new UserError(
    ExitCode.config,
    `There are ${names.length} configurations in ${root}: ${names.join(', ')}.`,
    'Keep one and remove the rest.',
  );
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(ExitCode.config, `${shown}: cannot be read: ${(error as Error).message}`);
  }
}

function understand(source: Source, { root, file }: FoundConfig) {
  const place = { root, file, sources: source.files, otherNames: [] };
  const checked = checkConfig(source.value);
  if ('config' in checked) {
    const { config, problems } = resolveConfig(checked.config, place);
    return { config, problems: distinct(problems) };
  }
  // What has the right shape is checked further, so that one look shows everything.
  const sound = soundPart(source.value, checked.problems);
  const more = sound === null ? [] : resolveConfig(sound.config, { ...place, ...sound }).problems;
  const own = more.filter((problem) => !isConsequence(problem, checked.problems));
  return { config: null, problems: distinct([...checked.problems, ...own]) };
}

/** A mistake in `defaults` comes up once for each service. */
function distinct(problems: Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => {
    const key = JSON.stringify([
      path,
      path[0] === 'defaults' ? message.replace(/^for the service "[^"]*": /, '') : message,
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

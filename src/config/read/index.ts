import { basename, extname } from 'node:path';
import type { Input, Source } from './source.ts';

let hasRunProgram = false;

/** Node never forgets a module that it has loaded: a second look at a configuration that is a program may see an older one. */
export function mayBeStale(): boolean {
  return hasRunProgram;
}

/** Each reader is loaded when it is needed: a JSON configuration pays for neither YAML nor TypeScript. */
export async function readSource(input: Input): Promise<Source> {
  if (basename(input.file) === 'package.json') return (await import('./json.ts')).readPackageJson(input);
  switch (extname(basename(input.file))) {
    case '':
      return (await import('./procfile.ts')).readProcfile(input);
    case '.json':
      return (await import('./json.ts')).readJson(input);
    case '.yaml':
    case '.yml':
      return (await import('./yaml.ts')).readYaml(input);
    case '.toml':
      return (await import('./toml.ts')).readToml(input);
    default:
      hasRunProgram = true;
      return (await import('./script.ts')).readScript(input);
  }
}

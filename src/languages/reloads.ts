/** Commands whose program watches its sources itself: an edit is its business. Pure. */
import { type Program, shellPrograms } from '../platform/command-programs.ts';

/** Programs that start theirs anew when its sources change. */
const RESTARTERS =
  /^(?:nodemon|ts-node-dev|tsnd|(?:tsx|vite-node) (?:watch|--watch|-w)|(?:node|nodejs|tsx)(?: -\S+)* --watch(?:-path)?|nest start(?: \S+)* (?:--watch|-w))(?=[\s=]|$)/;
/** Dev servers that also restart themselves when their configuration changes: the only file of the project that some of them load. */
const DEV_SERVERS =
  /^(?:(?:astro|nuxi|nuxt|react-router) dev|next(?! (?:build|start|lint|info|telemetry|typegen|upgrade)\b)|vite(?! (?:build|preview|optimize)\b))(?=\s|$)/;
/** Programs that start several commands, each of which is a word of theirs. */
const SIDE_BY_SIDE = /^(?:concurrently|conc)$/;

export function reloadsItself(program: Program): boolean {
  if (SIDE_BY_SIDE.test(program.name))
    return program.words.slice(1).some((word) => shellPrograms(word, program.cwd).some(reloadsItself));
  const line = lineOf(program);
  return RESTARTERS.test(line) || DEV_SERVERS.test(line);
}

/** The command line, with the program by its bare name. */
export function lineOf({ name, words }: Pick<Program, 'name' | 'words'>): string {
  return [name, ...words.slice(1)].join(' ');
}

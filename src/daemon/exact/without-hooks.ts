/** An environment as it was before hooks of ours were put in: a daemon may be started from within a service. Pure. */
import { quoteNodeOption, splitNodeOptions } from '../../hook/environment.ts';

/** In a kit (see ../kit.ts). */
const OURS = /\/[\w.]*kit\/[0-9a-f]{16}\/(?:hook\.cjs|python|ruby\/upkeep_report\.rb)$/;

/** Two of the same hook in one process would tell everything twice. Variables without them stay to the letter. */
export function withoutHooks(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, PYTHONPATH, RUBYOPT, ...rest } = env;
  return {
    ...rest,
    ...kept('NODE_OPTIONS', NODE_OPTIONS, nodeOptions),
    ...kept('PYTHONPATH', PYTHONPATH, (text) => filtered(text, ':')),
    ...kept('RUBYOPT', RUBYOPT, (text) => filtered(text, ' ')),
  };
}

function kept(name: string, text: string | undefined, strip: (text: string) => string): NodeJS.ProcessEnv {
  if (text === undefined) return {};
  const stripped = strip(text);
  return stripped === '' && text !== '' ? {} : { [name]: stripped };
}

function nodeOptions(text: string): string {
  const words = splitNodeOptions(text);
  const theirs = words.filter(
    (word, index) => !OURS.test(word) && !(word === '--require' && OURS.test(words[index + 1] ?? '')),
  );
  return theirs.length === words.length ? text : theirs.map(quoteNodeOption).join(' ');
}

function filtered(text: string, separator: string): string {
  return text
    .split(separator)
    .filter((part) => !OURS.test(part))
    .join(separator);
}

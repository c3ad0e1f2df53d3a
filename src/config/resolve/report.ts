import type { Path, Problem } from '../problems.ts';

/** Collects the problems of one service; a key that stands in `defaults` only is reported there. */
export type Report = (key: Path, message: string, hint?: string) => void;

export function reporter(problems: Problem[], name: string, own: object, defaults: object): Report {
  return (key, message, hint) => {
    const [first] = key;
    const inherited = first !== undefined && !Object.hasOwn(own, first) && Object.hasOwn(defaults, first);
    problems.push({
      path: inherited ? ['defaults', ...key] : ['services', name, ...key],
      message: inherited ? `for the service "${name}": ${message}` : message,
      hint,
    });
  };
}

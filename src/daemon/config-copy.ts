/** The copy of the configuration that the next daemon runs by, and by which commands know the services. */
import type { ResolvedConfig } from '../contract/config.ts';
import { errorMessage, writeJson } from '../platform/files.ts';
import type { Engine } from './engine.ts';

/** Answers a function that writes it. `note`: why it could not be written, or null. */
export function copyConfig(
  engine: Engine,
  path: string,
  note: (text: string | null) => void,
): (taken: ResolvedConfig) => void {
  let leaving: string[] = [];
  const write = (taken: ResolvedConfig) => {
    try {
      // What was taken out of it and still runs must not be nobody's if this daemon dies now.
      const known = new Set(taken.services.map(({ name }) => name));
      const others = [...engine.services.values()]
        .map(({ spec }) => spec)
        .filter(({ name }) => !known.has(name));
      writeJson(path, { ...taken, services: [...taken.services, ...others] });
      leaving = others.map(({ name }) => name);
      note(null);
    } catch (error) {
      note(`the configuration cannot be kept for the next daemon: ${errorMessage(error)}`);
    }
  };
  engine.onChange(() => {
    if (!leaving.some((name) => !engine.services.has(name))) return;
    leaving = [];
    write(engine.config);
  });
  return write;
}

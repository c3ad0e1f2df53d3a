/**
 * Chains where the runtime does not tell who imports an ES module (Node before 22.15): the sources of
 * the loaded files say it. Reads and parses all of them, so only when somebody wants to know.
 */
import { type Ancestry, shortestChain } from './chain.ts';
import type { Loaded } from './loaded.ts';
import { importsIn, readScript } from './static-imports.ts';

/** As `chainTo` of `loaded`, through static imports too where they are needed. */
export async function explain(loaded: Loaded, file: string): Promise<string[] | null> {
  if (!loaded.isVague || !loaded.has(file)) return loaded.chainTo(file);
  return shortestChain(await completed(loaded), file);
}

/** The only one is where everything began. */
function hasSeveral(files: Iterable<string>): boolean {
  let count = 0;
  for (const _ of files) if (++count > 1) return true;
  return false;
}

/** Who asked for whom, with what the sources say where the run could not. `read` gives a file's source, or null. */
export async function completed(
  loaded: Loaded,
  read: (file: string) => Promise<string | null> = readScript,
): Promise<Ancestry> {
  if (!loaded.isVague || !hasSeveral(loaded.orphans())) return loaded;
  const found = new Map<string, string[]>();
  for (const file of loaded.files()) {
    const source = await read(file);
    for (const specifier of source === null ? [] : await importsIn(source)) {
      const target = loaded.candidates(specifier, file).find((each) => loaded.has(each));
      if (target === undefined || target === file) continue;
      const parents = found.get(target);
      if (parents === undefined) found.set(target, [file]);
      else parents.push(file);
    }
  }
  return {
    parentsOf: (file) => [...new Set([...loaded.parentsOf(file), ...(found.get(file) ?? [])])],
    isEntry: (file) => loaded.isEntry(file) && !found.has(file),
    orphanedAt: (file) => loaded.orphanedAt(file),
  };
}

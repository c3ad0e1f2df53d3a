/** Whom an edit of a file restarts, in each format: `graph --file` and `why --file`. */
import { existsSync } from 'node:fs';
import { concernedBy } from '../../api/graph/concerned.ts';
import { concernFacts } from '../../api/graph/facts.ts';
import { harmless, inWorkspace, realPath } from '../../api/graph/paths.ts';
import type { ServiceRun } from '../../api/graph/runs.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { nearest } from '../../contract/nearest.ts';
import { outputColours } from '../colours.ts';
import { fileText } from './file.ts';
import { addChain, emptyPicture } from './picture.ts';
import type { Format } from './request.ts';
import { drawn, forScreen, json } from './shown.ts';

/** `typed`: relative to the folder that the person is in. Throws UserError when nobody knows it. */
export async function ofFile(
  root: string,
  typed: string,
  runs: ServiceRun[],
  format: Format,
): Promise<string> {
  const file = realPath(typed, process.cwd());
  const concerned = await concernedBy(file, runs);
  if (concerned.concerns.length === 0 && concerned.readBy.length === 0 && !existsSync(file))
    throw noSuchFile(root, typed, file, runs);
  const short = (path: string) => inWorkspace(root, path);
  if (format === 'json') return json(concernFacts(short(file), concerned, short));
  if (format === 'tree')
    return fileText(harmless(short(file)), concerned, forScreen(root), await outputColours());
  const picture = emptyPicture(short(file));
  for (const { service, chain } of concerned.concerns) addChain(picture, service, chain ?? [file], short);
  return drawn(picture, format);
}

function noSuchFile(root: string, typed: string, file: string, runs: ServiceRun[]): UserError {
  const known = new Set(runs.flatMap(({ loaded }) => [...(loaded?.files() ?? [])]));
  const meant = nearest(
    inWorkspace(root, file),
    [...known].map((each) => inWorkspace(root, each)),
  );
  return new UserError(
    ExitCode.usage,
    `There is no file ${harmless(typed)}, and no service asked for it.`,
    meant === null
      ? `A relative path begins at the folder that you are in, ${harmless(process.cwd())}.`
      : `Did you mean ${harmless(meant)}?`,
  );
}

/** `upkeep graph`: which files services loaded, and whom an edit of one restarts. Reads files: needs no daemon. */
import { realpathSync } from 'node:fs';
import { defineCommand } from 'citty';
import { overviewFacts, serviceFacts } from '../../api/graph/facts.ts';
import { inWorkspace } from '../../api/graph/paths.ts';
import { unwatchedReads } from '../../api/graph/reads.ts';
import { readRuns, recordedNames, type ServiceRun, serviceNames } from '../../api/graph/runs.ts';
import { findReadableRoot } from '../../client/workspace.ts';
import { completed } from '../../loads/explain.ts';
import { outputColours } from '../colours.ts';
import { ofFile } from '../graph/of-file.ts';
import { overviewText } from '../graph/overview.ts';
import { addRun, emptyPicture } from '../graph/picture.ts';
import { FORMATS, type Format, graphRequest } from '../graph/request.ts';
import { serviceText } from '../graph/service.ts';
import { drawn, forScreen, json } from '../graph/shown.ts';
import { oneService } from '../one-service.ts';
import { terminalWidth } from '../terminal.ts';

export default defineCommand({
  meta: {
    name: 'graph',
    description: 'Show which files services loaded, and which services an edit of a file restarts',
  },
  args: {
    name: {
      type: 'positional',
      required: false,
      description: 'A service: the tree of what it loaded; none: all in short',
    },
    file: {
      type: 'string',
      valueHint: 'PATH',
      description: 'Which services an edit of this file restarts, and through which chains',
    },
    format: { type: 'string', valueHint: FORMATS.join('|'), description: 'How it is printed (default tree)' },
    json: { type: 'boolean', description: 'The same as --format json' },
  },
  async run({ args }) {
    const { subject, format } = graphRequest({
      names: args._,
      file: args.file,
      format: args.format,
      json: args.json,
    });
    const root = realpathSync(findReadableRoot());
    const names = serviceNames(root);
    const known = [...new Set([...names, ...recordedNames(root)])];
    const text =
      subject.kind === 'all'
        ? await allServices(root, readRuns(root, names), format)
        : subject.kind === 'service'
          ? await ofService(root, await oneService('graph', subject.names, root, known), format)
          : await ofFile(root, subject.path, readRuns(root, names), format);
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  },
});

async function allServices(root: string, runs: ServiceRun[], format: Format): Promise<string> {
  const short = (path: string) => inWorkspace(root, path);
  if (format === 'json') return json(overviewFacts(root, runs, short));
  if (format === 'tree') return overviewText(runs, forScreen(root), await outputColours(), terminalWidth());
  const picture = emptyPicture('services');
  for (const { service, loaded } of runs)
    if (loaded !== null) addRun(picture, loaded, await completed(loaded), short, service);
  return drawn(picture, format);
}

async function ofService(root: string, name: string, format: Format): Promise<string> {
  const [found] = readRuns(root, [name]);
  if (found === undefined) throw new Error(`no run was read for ${name}`);
  const { loaded } = found;
  const graph = loaded === null ? null : await completed(loaded);
  const short = (path: string) => inWorkspace(root, path);
  if (format === 'json') return json(serviceFacts(found, graph, await unwatchedReads(found), short));
  if (format === 'tree')
    return serviceText(found, graph, await unwatchedReads(found), forScreen(root), await outputColours());
  const picture = emptyPicture(name);
  if (loaded !== null && graph !== null) addRun(picture, loaded, graph, short, null);
  return drawn(picture, format);
}

import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Workspace, workspace } from './rig.ts';

type Step =
  | { kind: 'write'; file: string; text: string }
  | { kind: 'save'; file: string; text: string }
  | { kind: 'remove'; path: string }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'turn' };

const name = fc.constantFrom('a', 'b', 'c');
const folder = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => ['src', ...names].join('/'));
const file = fc.tuple(folder, name).map(([at, its]) => `${at}/${its}.js`);
const text = fc.constantFrom('1', '2');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), file, text }),
  fc.record({ kind: fc.constant('save' as const), file, text }),
  fc.record({ kind: fc.constant('remove' as const), path: fc.oneof(file, folder, fc.constant('src')) }),
  fc.record({
    kind: fc.constant('rename' as const),
    path: fc.oneof(file, folder),
    to: fc.oneof(file, folder),
  }),
  fc.constant({ kind: 'turn' as const }),
);

/** Does what is possible of a step: a folder may stand where a file should go. */
async function act(space: Workspace, step: Step): Promise<void> {
  try {
    if (step.kind === 'write') space.write(step.file, step.text);
    if (step.kind === 'remove') fs.rmSync(space.at(step.path), { recursive: true, force: true });
    if (step.kind === 'rename') fs.renameSync(space.at(step.path), space.at(step.to));
    if (step.kind === 'save') {
      space.write(`${step.file}.tmp`, step.text);
      fs.renameSync(space.at(`${step.file}.tmp`), space.at(step.file));
    }
  } catch {
    return;
  }
  if (step.kind === 'turn') await new Promise((resolve) => setImmediate(resolve));
}

function snapshot(root: string, below = 'src'): Map<string, string> {
  const found = new Map<string, string>();
  const entries = fs.existsSync(path.join(root, below))
    ? fs.readdirSync(path.join(root, below), { withFileTypes: true })
    : [];
  for (const entry of entries) {
    const at = `${below}/${entry.name}`;
    if (entry.isDirectory()) for (const [file, text] of snapshot(root, at)) found.set(file, text);
    else if (at.endsWith('.js')) found.set(at, fs.readFileSync(path.join(root, at), 'utf8'));
  }
  return found;
}

function difference(before: Map<string, string>, after: Map<string, string>): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((each) => before.get(each) !== after.get(each)).sort();
}

it('whatever is done to files and folders, exactly what differs afterwards is reported', async () => {
  const space = workspace();
  await space.begin({ include: ['src/**/*.js'] });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const before = snapshot(space.root);
      for (const each of steps) await act(space, each);
      // A step may fall into two bursts: what was told and taken back is told twice.
      const from = space.reports.length;
      const told = await space.reported();
      const bursts = space.reports.length - from;
      const differs = difference(before, snapshot(space.root));
      if (bursts === 1) expect(told).toEqual(differs);
      else expect(told).toEqual(expect.arrayContaining(differs));
    }),
    { numRuns: 60 },
  );
}, 120_000);

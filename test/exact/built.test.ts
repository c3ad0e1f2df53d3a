/** Commands that build what they run: an edit of the sources builds once more, and what was built is no edit. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Rig } from '../rig/rig.ts';
import { staysIn, story } from './story.ts';

const ESBUILD = fileURLToPath(new URL('../../node_modules/.bin/esbuild', import.meta.url));

async function answers(rig: Rig, text: string): Promise<void> {
  const { url } = await rig.service('web');
  await rig.eventually(
    async () => (await (await fetch(url ?? '').catch(() => null))?.text()) === text,
    `it answers ${text}`,
  );
}

/** A program of the project's own, which nobody knows to build anything. */
const OWN_BUILDER = `import { execFileSync } from 'node:child_process';
execFileSync(${JSON.stringify(ESBUILD)}, ['src/server.ts', '--bundle', '--platform=node', '--log-level=error', '--outfile=made/server.cjs']);
`;

it.each([
  [
    'a bundler',
    `${ESBUILD} src/server.ts --bundle --platform=node --log-level=error --outfile=made/server.cjs`,
    'esbuild',
  ],
  ["the project's own build", 'node build.mjs', 'node build.mjs'],
])('%s before a Node program', async (_, build, builder) => {
  const rig = await story(async (r) => {
    const port = await r.port();
    r.write('app/src/word.ts', "export const word: string = 'one';\n");
    r.write(
      'app/src/server.ts',
      `import { createServer } from 'node:http';
       import { word } from './word.ts';
       createServer((_, response) => response.end(word)).listen(${port});\n`,
    );
    r.write('app/build.mjs', OWN_BUILDER);
    return { web: { command: `${build} && node made/server.cjs`, cwd: 'app', port } };
  });
  await rig.ok('start');
  await answers(rig, 'one');
  rig.write('app/src/word.ts', "export const word: string = 'two';\n");
  await answers(rig, 'two');
  const { watching } = await staysIn(rig, 'web', 2);
  expect(watching).toEqual({ kind: 'not-exact', reason: expect.stringContaining(`what ${builder} builds`) });
  const told = await rig.ok('wait', '--edit', 'app/src/word.ts', '--json');
  expect(told.json()).toMatchObject({ services: [{ service: 'web', run: 2, ok: true }] });
  rig.write('app/notes.txt', 'nothing of it');
  await staysIn(rig, 'web', 2);
});

it.skipIf(spawnSync('go', ['version']).status !== 0)(
  'go build, and then what it has built',
  {
    timeout: 180_000,
  },
  async () => {
    const rig = await story(async (r) => {
      const port = await r.port();
      r.write('go.mod', 'module x\n\ngo 1.19\n');
      r.write('word.go', 'package main\n\nconst word = "one"\n');
      r.write(
        'main.go',
        `package main

import ("net/http"; "os")

func main() {
	handle := func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(word)) }
	http.ListenAndServe("127.0.0.1:" + os.Getenv("PORT"), http.HandlerFunc(handle))
}
`,
      );
      const env = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
      return { web: { command: 'go build -o ./bin/x . && ./bin/x', env, port, ready: { timeout: '2m' } } };
    });
    await rig.ok('start');
    await answers(rig, 'one');
    await staysIn(rig, 'web', 1);
    rig.write('word.go', 'package main\n\nconst word = "two"\n');
    await answers(rig, 'two');
    await staysIn(rig, 'web', 2);
    rmSync(rig.path('bin'), { recursive: true });
    rig.write('word.go', 'package main\n\nconst word = "three"\n');
    await answers(rig, 'three');
    expect((await staysIn(rig, 'web', (await rig.service('web')).run ?? 0)).watching).toEqual({
      kind: 'exact',
    });
  },
);

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { goBuilds } from '../../src/languages/go-command.ts';
import { goFiles, newGoFiles } from '../../src/languages/index.ts';
import { createPlace, isInstalled } from './rig.ts';

const hasGo = isInstalled('go', 'version');

const LIBRARY = {
  'lib/go.mod': 'module example.com/lib\ngo 1.18\n',
  'lib/lib.go': 'package lib\nfunc X() int { return 1 }\n',
};
const MAIN = 'module example.com/main\ngo 1.18\n';
const FILES = {
  ...LIBRARY,
  'main/go.mod': `${MAIN}require example.com/lib v0.0.0\nreplace example.com/lib => ../lib\n`,
  'main/cmd/x/main.go': `package main
import (
	_ "embed"
	"fmt"
	"example.com/lib"
	"example.com/main/inner"
)
//go:embed a.txt
var text string
func main() { fmt.Println(lib.X(), inner.Y(), text) }
`,
  'main/cmd/x/a.txt': 'hello',
  'main/cmd/x/main_test.go': 'package main\n',
  'main/cmd/y/main.go': 'package main\nfunc main() {}\n',
  'main/inner/y.go': 'package inner\nfunc Y() int { return 2 }\n',
  'main/inner/other.go': '//go:build windows\npackage inner\n',
  'main/inner/tagged.go': '//go:build special\npackage inner\n',
};
const MODULES = ['lib/go.mod', 'lib/go.sum', 'lib/lib.go'];
const X = ['main/cmd/x/a.txt', 'main/cmd/x/main.go', 'main/go.mod', 'main/go.sum', 'main/inner/y.go'];

describe.skipIf(!hasGo)('the files of a Go program', () => {
  async function ask(shell: string, changes: Record<string, string> = {}) {
    const place = createPlace({ ...FILES, ...changes });
    const files = await goFiles({ shell }, place.root);
    return files.map((file) => path.relative(place.root, file));
  }

  it.each([
    ['cd main && go run ./cmd/x --flag', [...MODULES, ...X]],
    ['cd main && CGO_ENABLED=0 go build -o x ./cmd/x && ./x', [...MODULES, ...X]],
    ['cd main/cmd/y && go run .', ['main/cmd/y/main.go', 'main/go.mod', 'main/go.sum']],
    ['cd main/cmd/y && go run main.go more', ['main/cmd/y/main.go', 'main/go.mod', 'main/go.sum']],
    ['cd main && go run -race -tags special ./cmd/x', [...MODULES, ...X, 'main/inner/tagged.go'].sort()],
    ['node main.js', []],
  ])('%s', async (shell, expected) => expect(await ask(shell)).toEqual(expected));

  it('of a workspace', async () => {
    const changes = { 'main/go.mod': MAIN, 'go.work': 'go 1.18\nuse ./main\nuse ./lib\n' };
    expect(await ask('cd main && go run ./cmd/x', changes)).toEqual([
      'go.work',
      'go.work.sum',
      ...MODULES,
      ...X,
    ]);
  });

  it('with a syntax error, or with a package that is not there yet', async () => {
    const y = ['main/cmd/y/main.go', 'main/go.mod', 'main/go.sum'];
    expect(await ask('cd main && go run ./cmd/y', { 'main/cmd/y/main.go': 'package main\nfunc {' })).toEqual(
      y,
    );
    const missing = { 'main/cmd/y/main.go': 'package main\nimport "example.com/main/gone"\n' };
    const files = await ask('cd main && go run ./cmd/y', missing);
    expect(files).toEqual([...y.slice(0, 1), 'main/go.mod', 'main/go.sum', 'main/gone/gone.go']);
    expect(newGoFiles(files)).toContain('main/gone/!(*_test).go');
  });
});

describe('what go builds', () => {
  it.each([
    ['go run .', [], ['.']],
    ['go run a.go b.go c', [], ['a.go', 'b.go']],
    ['go run -ldflags "-X a=b" -tags x,y ./cmd/x ./y', ['-tags=x,y'], ['./cmd/x']],
    ['go build', [], ['.']],
    ['go install --race ./...', ['-race'], ['./...']],
  ])('%s', (shell, flags, packages) => {
    expect(goBuilds({ shell }, '/w')).toEqual([{ cwd: '/w', flags, packages }]);
  });

  it('is nothing for other commands of go', () =>
    expect(goBuilds({ shell: 'go test ./...' }, '/w')).toEqual([]));

  it('is not known without a toolchain', async () => {
    expect(await goFiles({ shell: 'go run .' }, '/', { PATH: '/nonexistent' })).toEqual([]);
  });
});

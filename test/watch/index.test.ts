import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchFolder } from '../../src/watch/folders.ts';
import { createWatch } from '../../src/watch/index.ts';
import { QUIET, workspace } from './rig.ts';

/** Watches `server.js` and everything that ends in .js below `src/`. */
async function project(options: Parameters<typeof workspace>[0] = {}) {
  const space = workspace(options);
  space.write('server.js', 'server');
  space.write('src/a.js', 'a');
  space.write('src/deep/er/b.js', 'b');
  await space.begin({ files: [space.at('server.js')], include: ['src/**/*.js'] });
  return space;
}

/** The ways in which editors and tools save a file. */
const saves: Record<string, (file: string, text: string) => void> = {
  'writing in place': (file, text) => fs.writeFileSync(file, text),
  'truncating first': (file, text) => {
    fs.truncateSync(file);
    fs.appendFileSync(file, text);
  },
  'writing beside and renaming over': (file, text) => {
    fs.writeFileSync(`${file}.tmp`, text);
    fs.renameSync(`${file}.tmp`, file);
  },
  'keeping a backup (vim)': (file, text) => {
    fs.renameSync(file, `${file}~`);
    fs.writeFileSync(file, text);
    fs.rmSync(`${file}~`);
  },
  'deleting and creating again': (file, text) => {
    fs.rmSync(file);
    fs.writeFileSync(file, text);
  },
  'writing in pieces': (file, text) => {
    fs.writeFileSync(file, '');
    for (const char of text) fs.appendFileSync(file, char);
  },
  'linking another file in its place': (file, text) => {
    fs.writeFileSync(`${file}.tmp`, text);
    fs.rmSync(file);
    fs.linkSync(`${file}.tmp`, file);
    fs.rmSync(`${file}.tmp`);
  },
};

describe.each(Object.entries(saves))('a save by %s', (_, save) => {
  it('is reported, also the second time', async () => {
    const { at, reported } = await project();
    save(at('server.js'), 'server 2');
    save(at('src/deep/er/b.js'), 'b 2');
    expect(await reported()).toEqual(['server.js', 'src/deep/er/b.js']);
    save(at('server.js'), 'server 3');
    save(at('src/deep/er/b.js'), 'b 3');
    expect(await reported()).toEqual(['server.js', 'src/deep/er/b.js']);
  });

  it('that changes nothing is not reported', async () => {
    const { at, reported } = await project();
    save(at('server.js'), 'server');
    save(at('src/deep/er/b.js'), 'b');
    expect(await reported()).toEqual([]);
  });

  it('that is taken back within the quiet period is not reported', async () => {
    const { at, reported } = await project();
    save(at('server.js'), 'other');
    save(at('server.js'), 'server');
    expect(await reported()).toEqual([]);
  });
});

describe('changes', () => {
  it('of 200 files at once are one report, in the order of their names', async () => {
    const space = workspace();
    const names = Array.from({ length: 200 }, (_, n) => `src/${n % 20}/file${n}.js`);
    for (const name of names) space.write(name, name);
    await space.begin({ include: ['src'] });
    for (const name of [...names].reverse()) space.write(name, `${name} 2`);
    expect(await space.reported()).toEqual([...names].sort());
    expect(space.reports).toHaveLength(1);
    expect(space.reports[0]?.files).toEqual(['sentinel', ...names].sort());
  });

  it('of stamps alone are none', async () => {
    const { at, reported } = await project();
    const now = new Date();
    fs.utimesSync(at('server.js'), now, now);
    fs.chmodSync(at('src/a.js'), 0o755);
    expect(await reported()).toEqual([]);
  });

  it('that create and delete are told, of both kinds of files', async () => {
    const { at, write, reported } = await project();
    fs.rmSync(at('server.js'));
    fs.rmSync(at('src/a.js'));
    write('src/new.js', 'new');
    expect(await reported()).toEqual(['server.js', 'src/a.js', 'src/new.js']);
    write('server.js', 'server');
    write('src/a.js', 'a');
    expect(await reported()).toEqual(['server.js', 'src/a.js']);
  });

  it('that come and go within the quiet period are none', async () => {
    const { at, write, reported } = await project();
    write('src/new.js', 'new');
    fs.rmSync(at('src/new.js'));
    expect(await reported()).toEqual([]);
  });

  it('back to what was told before are told again', async () => {
    const { write, reported } = await project();
    write('server.js', 'broken');
    expect(await reported()).toEqual(['server.js']);
    write('server.js', 'server');
    expect(await reported()).toEqual(['server.js']);
  });

  it('of size alone tell in a file that is too large to hash', async () => {
    const space = workspace();
    space.write('big.bin', 'x'.repeat(3 * 1024 * 1024));
    await space.begin({ files: [space.at('big.bin')] });
    fs.appendFileSync(space.at('big.bin'), 'y');
    expect(await space.reported()).toEqual(['big.bin']);
  });
});

describe('the baseline', () => {
  it('is what was there when it was set: later changes count, even before it could be hashed', async () => {
    const space = await project();
    const before = Date.now() - 10_000;
    space.watch.set(
      'late',
      {
        root: space.root,
        files: [space.at('server.js')],
        include: ['src/**/*.js'],
        ignore: [],
        quiet: QUIET,
      },
      before,
    );
    await space.until(() => space.reports.some(({ service }) => service === 'late'));
    expect(space.reports.find(({ service }) => service === 'late')?.files).toEqual([
      'server.js',
      'src/a.js',
      'src/deep/er/b.js',
    ]);
  });

  it('moves with a rebase: what the new run has loaded already is not told', async () => {
    const { watch, write, reported, tick } = await project();
    write('server.js', 'server 2');
    write('src/new.js', 'new');
    watch.rebase('web');
    await tick();
    expect(await reported()).toEqual([]);
    write('server.js', 'server 3');
    expect(await reported()).toEqual(['server.js']);
  });

  it('of a file that is added later is the time of its loading', async () => {
    const space = await project();
    space.write('lib/x.js', 'x');
    // What is stamped within the same tick would count as changed.
    while (Date.now() - fs.statSync(space.at('lib/x.js')).ctimeMs <= 15) await space.tick();
    space.watch.addFile('web', space.at('lib/x.js'));
    expect(await space.reported()).toEqual([]);
    space.write('lib/x.js', 'x 2');
    expect(await space.reported()).toEqual(['lib/x.js']);
    space.write('lib/y.js', 'y, edited after its loading');
    space.watch.addFile('web', space.at('lib/y.js'), Date.now() - 5000);
    expect(await space.reported()).toEqual(['lib/y.js']);
  });
});

describe('folders', () => {
  it('replaced by a rename are seen, and seen into afterwards', async () => {
    const { at, write, reported } = await project();
    write('src.new/a.js', 'a');
    write('src.new/deep/er/b.js', 'b 2');
    write('src.new/c.js', 'c');
    fs.renameSync(at('src'), at('src.old'));
    fs.renameSync(at('src.new'), at('src'));
    expect(await reported()).toEqual(['src/c.js', 'src/deep/er/b.js']);
    write('src/deep/er/b.js', 'b 3');
    write('src/a.js', 'a 2');
    write('src.old/a.js', 'not ours any more');
    expect(await reported()).toEqual(['src/a.js', 'src/deep/er/b.js']);
  });

  it('above, replaced by a rename, are seen as well', async () => {
    const space = workspace();
    const make = (folder: string, text: string) => space.write(`${folder}/packages/api/src/x.js`, text);
    make('one', 'x');
    make('two', 'x 2');
    await space.begin({ root: space.at('one/packages/api'), include: ['src/**'] });
    fs.renameSync(space.at('one'), space.at('old'));
    fs.renameSync(space.at('two'), space.at('one'));
    expect(await space.reported()).toEqual(['one/packages/api/src/x.js']);
    make('one', 'x 3');
    expect(await space.reported()).toEqual(['one/packages/api/src/x.js']);
  });

  it('deleted and created again are watched again', async () => {
    const { at, write, reported } = await project();
    fs.rmSync(at('src'), { recursive: true });
    expect(await reported()).toEqual(['src/a.js', 'src/deep/er/b.js']);
    write('src/deep/er/b.js', 'b');
    expect(await reported()).toEqual(['src/deep/er/b.js']);
    write('src/deep/er/b.js', 'b 2');
    expect(await reported()).toEqual(['src/deep/er/b.js']);
  });

  it('deleted and created again with the same content in one burst are no change', async () => {
    const { at, write, reported } = await project();
    for (let round = 0; round < 5; round++) {
      fs.rmSync(at('src'), { recursive: true });
      write('src/a.js', 'a');
      write('src/deep/er/b.js', 'b');
    }
    expect(await reported()).toEqual([]);
    write('src/deep/er/b.js', 'b 2');
    expect(await reported()).toEqual(['src/deep/er/b.js']);
  });

  it('that are new are seen with what was written before they could be watched', async () => {
    const { write, reported } = await project();
    write('src/n/e/s/t/e/d/x.js', 'x');
    write('src/n/e/y.js', 'y');
    expect(await reported()).toEqual(['src/n/e/s/t/e/d/x.js', 'src/n/e/y.js']);
    write('src/n/e/s/t/e/d/x.js', 'x 2');
    write('src/n/e/s/z.js', 'z');
    expect(await reported()).toEqual(['src/n/e/s/t/e/d/x.js', 'src/n/e/s/z.js']);
  });

  it('that are moved in with old files are seen', async () => {
    const { at, write, reported } = await project();
    write('elsewhere/x/y.js', 'y');
    const old = new Date(2020, 1, 1);
    fs.utimesSync(at('elsewhere/x/y.js'), old, old);
    await reported();
    fs.renameSync(at('elsewhere/x'), at('src/x'));
    expect(await reported()).toEqual(['src/x/y.js']);
  });

  it('that do not exist yet are waited for, through several levels', async () => {
    const space = workspace();
    await space.begin({ files: [space.at('far/away/main.js')], include: ['gen/out/*.js'] });
    space.write('far/other.js', '');
    space.write('far/away/main.js', 'main');
    space.write('gen/out/x.js', 'x');
    expect(await space.reported()).toEqual(['far/away/main.js', 'gen/out/x.js']);
    space.write('far/away/main.js', 'main 2');
    space.write('gen/out/x.js', 'x 2');
    expect(await space.reported()).toEqual(['far/away/main.js', 'gen/out/x.js']);
  });

  it('at the top of a busy folder are found again as well', async () => {
    const { root, at, write, reported, watch, until, reports } = await project();
    fs.renameSync(root, `${root}.away`);
    await until(() => reports.length > 0);
    expect(reports[0]?.files).toEqual(['sentinel', 'server.js', 'src/a.js', 'src/deep/er/b.js']);
    await reported();
    write('server.js', 'back');
    fs.rmSync(`${root}.away`, { recursive: true });
    expect(await reported()).toEqual(['server.js']);
    fs.rmSync(at('server.js'));
    expect(await reported()).toEqual(['server.js']);
    watch.close();
  });
});

describe('folders above the workspace', () => {
  it('are not watched: what others write there wakes nobody', async () => {
    const watched: string[] = [];
    const space = workspace();
    const inner = space.at('deep/er/project');
    const watch = createWatch({
      workspace: inner,
      watchFolder(folder, onEvent) {
        watched.push(folder);
        return watchFolder(folder, onEvent);
      },
      onChange: () => {},
      onProblem: () => {},
    });
    onTestFinished(() => watch.close());
    space.write('deep/er/project/server.js', 'x');
    watch.set('web', { files: [`${inner}/server.js`], root: inner, include: [], ignore: [], quiet: 0 });
    expect(watched).toEqual([inner]);
  });
});

describe('symbolic links', () => {
  it('to files: an edit of the target and another target both count', async () => {
    const space = workspace();
    space.write('shared/x.js', 'x');
    space.write('shared/y.js', 'y');
    fs.symlinkSync('shared/x.js', space.at('middle.js'));
    fs.symlinkSync('middle.js', space.at('link.js'));
    await space.begin({ files: [space.at('link.js')] });
    space.write('shared/x.js', 'x 2');
    expect(await space.reported()).toEqual(['link.js']);
    fs.rmSync(space.at('middle.js'));
    fs.symlinkSync('shared/y.js', space.at('middle.js'));
    expect(await space.reported()).toEqual(['link.js']);
    space.write('shared/y.js', 'y 2');
    expect(await space.reported()).toEqual(['link.js']);
    space.write('shared/x.js', 'x 3');
    expect(await space.reported()).toEqual([]);
  });

  it('to folders: what is behind them is watched, also after they point elsewhere', async () => {
    const space = workspace();
    space.write('releases/1/x.js', 'x');
    space.write('releases/2/x.js', 'x of 2');
    space.write('src/a.js', 'a');
    fs.symlinkSync('../releases/1', space.at('src/current'));
    await space.begin({ include: ['src/**/*.js'] });
    space.write('releases/1/x.js', 'x 2');
    expect(await space.reported()).toEqual(['src/current/x.js']);
    fs.symlinkSync('../releases/2', space.at('src/next'));
    fs.renameSync(space.at('src/next'), space.at('src/current'));
    expect(await space.reported()).toEqual(['src/current/x.js']);
    space.write('releases/2/x.js', 'x 3');
    expect(await space.reported()).toEqual(['src/current/x.js']);
  });

  it('to a folder that is replaced lead to the new one', async () => {
    const space = workspace();
    space.write('lib/x.js', 'x');
    space.write('src/a.js', 'a');
    fs.symlinkSync(space.at('lib'), space.at('src/lib'));
    await space.begin({ include: ['src/**/*.js'] });
    fs.rmSync(space.at('lib'), { recursive: true });
    space.write('lib/x.js', 'x 2');
    expect(await space.reported()).toEqual(['src/lib/x.js']);
    space.write('lib/x.js', 'x 3');
    expect(await space.reported()).toEqual(['src/lib/x.js']);
  });

  it('in circles, to themselves and to nothing do no harm', async () => {
    const space = workspace();
    space.write('src/a.js', 'a');
    fs.symlinkSync('..', space.at('src/up'));
    fs.symlinkSync('.', space.at('src/self'));
    fs.symlinkSync('knot', space.at('src/knot'));
    fs.symlinkSync('nowhere.js', space.at('src/dangling.js'));
    await space.begin({ include: ['src/**/*.js'], files: [space.at('src/dangling.js')] });
    space.write('src/a.js', 'a 2');
    expect(await space.reported()).toEqual(['src/a.js']);
    space.write('src/nowhere.js', 'here');
    expect(await space.reported()).toEqual(['src/dangling.js', 'src/nowhere.js']);
  });
});

describe('what is ignored', () => {
  const junk = [
    'node_modules/x/index.js',
    '.git/HEAD',
    '.server-logs/web.log',
    '.upkeep/journal.js',
    '.cache/x.js',
    'coverage/x.js',
    '__pycache__/x.pyc',
    'deep/node_modules/y.js',
    'a.log',
    'a.js~',
    '.#a.js',
    '4913',
    '.a.js.swp',
    'a.js.tmp',
  ];

  it('is not reported and its folders are not watched', async () => {
    const opened: string[] = [];
    const space = workspace({
      watchFolder: (folder, onEvent) => {
        opened.push(folder);
        return watchFolder(folder, onEvent);
      },
    });
    for (const file of junk) space.write(file, 'junk');
    space.write('generated/x.js', 'x');
    space.write('src/a.gen.js', 'x');
    await space.begin({ include: ['**'], ignore: ['generated/', '*.gen.js', space.at('logs (old) [1]')] });
    for (const file of [...junk, 'generated/x.js', 'src/a.gen.js', 'logs (old) [1]/x.js'])
      space.write(file, 'more');
    space.write('src/a.js', 'seen');
    expect(await space.reported()).toEqual(['src/a.js']);
    const names = opened
      .map((folder) => path.relative(space.root, folder))
      .filter((name) => !name.startsWith('..'));
    expect([...new Set(names)].sort()).toEqual(['', 'deep', 'src']);
  });

  it('can be named by hand: a base may lie in an ignored folder', async () => {
    const space = workspace();
    space.write('node_modules/linked/dist/x.js', 'x');
    space.write('.env', 'A=1');
    await space.begin({ include: ['node_modules/linked', '.env', '!node_modules/linked/dist/y.js'] });
    space.write('node_modules/linked/dist/x.js', 'x 2');
    space.write('node_modules/linked/dist/y.js', 'y');
    space.write('.env', 'A=2');
    expect(await space.reported()).toEqual(['.env', 'node_modules/linked/dist/x.js']);
  });

  it('includes what `ignore` says of the files named by hand', async () => {
    const space = workspace();
    await space.begin({ files: [space.at('server.js')], ignore: ['server.js'] });
    space.write('server.js', 'x');
    space.watch.addFile('web', space.at('server.js'), 0);
    expect(await space.reported()).toEqual([]);
  });
});

describe('several services', () => {
  it('share a folder and are told of what concerns them alone', async () => {
    const opened: string[] = [];
    const space = workspace({
      watchFolder: (folder, onEvent) => {
        opened.push(folder);
        return watchFolder(folder, onEvent);
      },
    });
    for (const file of ['a.js', 'b.js', 'shared.js']) space.write(file, file);
    const rules = { root: space.root, include: [], ignore: [], quiet: QUIET };
    space.watch.set('a', { ...rules, files: [space.at('a.js'), space.at('shared.js')] });
    space.watch.set('b', { ...rules, files: [space.at('b.js'), space.at('shared.js')] });
    await space.begin({});
    expect(opened).toEqual([space.root]);
    space.write('a.js', 'a 2');
    await space.reported();
    await space.until(() => space.reports.some(({ service }) => service === 'a'));
    space.write('shared.js', 'shared 2');
    await space.until(() => space.reports.some(({ service }) => service === 'b'));
    await space.until(() => space.reports.filter(({ service }) => service === 'a').length === 2);
    const told = space.reports.filter(({ service }) => service !== 'web');
    expect(told.filter(({ service }) => service === 'a').map(({ files }) => files)).toEqual([
      ['a.js'],
      ['shared.js'],
    ]);
    expect(told.filter(({ service }) => service === 'b').map(({ files }) => files)).toEqual([['shared.js']]);
  });

  it('are forgotten one by one, and the last one closes the watches', async () => {
    let open = 0;
    const space = workspace({
      watchFolder: (folder, onEvent) => {
        open++;
        const stop = watchFolder(folder, onEvent);
        return () => {
          open--;
          stop();
        };
      },
    });
    space.write('src/deep/x.js', 'x');
    await space.begin({ include: ['src/**'] });
    space.watch.set('other', { root: space.root, files: [], include: ['src/**'], ignore: [], quiet: QUIET });
    expect(open).toBe(3);
    space.watch.remove('web');
    space.watch.remove('other');
    expect(open).toBe(0);
  });

  it('replaced by `set` keep what both rules name and drop the rest', async () => {
    const { root, at, watch, write, reported, tick } = await project();
    watch.set('web', { root, files: [at('sentinel')], include: ['src/*.js'], ignore: [], quiet: QUIET });
    await tick();
    write('server.js', 'server 2');
    write('src/a.js', 'a 2');
    write('src/deep/er/b.js', 'b 2');
    expect(await reported()).toEqual(['src/a.js']);
  });
});

describe('5,000 files in 500 folders', () => {
  it('take one watch per folder, and one more for the way there', async () => {
    const opened: string[] = [];
    const space = workspace({
      watchFolder: (folder, onEvent) => {
        opened.push(folder);
        return watchFolder(folder, onEvent);
      },
    });
    for (let folder = 0; folder < 500; folder++) {
      fs.mkdirSync(space.at(`src/${folder}`), { recursive: true });
      for (let file = 0; file < 10; file++) fs.writeFileSync(space.at(`src/${folder}/${file}.js`), `${file}`);
    }
    await space.begin({ include: ['src/**/*.js'] });
    // The root (holds the sentinel), src, and the 500.
    expect(opened).toHaveLength(502);
    for (let folder = 0; folder < 500; folder++) space.write(`src/${folder}/5.js`, 'edited');
    expect(await space.reported()).toHaveLength(500);
  });
});

describe('a service that writes a file which it is watched by', () => {
  it('is restarted three times, then the file is left alone and the person told', async () => {
    let starts = 0;
    const space = await project({
      onChange(service, files) {
        if (!files.some((file) => file.endsWith('a.js'))) return;
        starts++;
        space.watch.rebase(service);
        // Stamps have the granularity of the kernel's tick: the service writes a little after its start.
        setTimeout(() => space.write('src/a.js', `start ${starts}`), 30);
      },
    });
    space.watch.rebase('web');
    setTimeout(() => space.write('src/a.js', 'first'), 30);
    await space.until(() => space.problems.length > 0);
    expect(starts).toBe(3);
    expect(space.problems[0]).toContain(space.at('src/a.js'));
    expect(space.problems[0]).toContain('watch.ignore of web');
    space.write('server.js', 'still seen');
    expect((await space.reported()).filter((file) => file !== 'src/a.js')).toEqual(['server.js']);
    space.watch.set('web', {
      root: space.root,
      files: [space.at('sentinel')],
      include: [],
      ignore: [],
      quiet: QUIET,
    });
    expect(space.problems.at(-1)).toBeNull();
  });
});

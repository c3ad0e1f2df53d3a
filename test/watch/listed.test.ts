import { expect, it } from 'vitest';
import { workspace } from './rig.ts';

it('a folder that came before it was known that such folders are loaded from is found then', async () => {
  const { watch, at, write, begin, reported } = workspace();
  write('routes/a.mjs', '');
  write('routes/v1/b.mjs', '');
  await begin({});
  const listed = Date.now();
  watch.addFile('web', at('routes/a.mjs'), listed, false, { own: listed, above: null });
  await reported();
  write('routes/v2/d.mjs', '');
  write('routes/notes.txt', '');
  expect(await reported()).toEqual([]);
  watch.addFile('web', at('routes/v1/b.mjs'), Date.now(), false, { own: listed, above: listed });
  expect(await reported()).toEqual(['routes/v2/d.mjs']);
});

it('so is a file of a kind of which nothing had been loaded', async () => {
  const { watch, at, write, begin, reported } = workspace();
  write('models/index.js', '');
  write('models/user.model.js', '');
  write('models/user.test.js', '');
  await begin({});
  const listed = Date.now();
  watch.addFile('web', at('models/index.js'), listed, false, { own: listed, above: null });
  await reported();
  write('models/pet.model.js', '');
  expect(await reported()).toEqual([]);
  watch.addFile('web', at('models/user.model.js'), Date.now(), false, { own: listed, above: null });
  expect(await reported()).toEqual(['models/pet.model.js']);
});

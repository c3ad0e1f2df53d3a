import { expect, it } from 'vitest';
import { checkServices, type PortHolder, type ServicesWorld } from '../../../src/cli/doctor/services.ts';
import type { ResolvedConfig, ResolvedService } from '../../../src/contract/config.ts';

const ID = 'this-workspace';

function check(services: Partial<ResolvedService>[], world: Partial<ServicesWorld> = {}) {
  const usual = { name: 'web', command: { argv: ['sh'] }, cwd: '/', env: {}, envFiles: [], ports: [] };
  const config = { services: services.map((each) => ({ ...usual, ...each })) } as unknown as ResolvedConfig;
  const searchPath = process.env.PATH ?? '';
  return checkServices(config, { id: ID, daemonLives: true, searchPath, holder: () => null, ...world });
}

const levels = (...args: Parameters<typeof check>) => check(...args).map(({ level }) => level);

function held(mark: PortHolder['mark'], daemonLives = true) {
  const holder = () => ({ pid: 7, command: 'node x.js', mark });
  return check([{ ports: [3000] }], { holder, daemonLives }).at(-1);
}

it('is content with what is there', () => {
  expect(levels([{ ports: [3000] }])).toEqual(['ok', 'ok']);
});

it('misses folders, programs and env files', () => {
  expect(check([{ cwd: '/does/not/exist' }])[0]).toMatchObject({
    level: 'bad',
    text: expect.stringContaining('its folder /does/not/exist'),
    mend: expect.stringContaining('`cwd`'),
  });
  expect(check([{ command: { argv: ['no-such-program-here'] } }])[0]).toMatchObject({
    level: 'bad',
    mend: expect.stringContaining('`command`'),
  });
  expect(check([{ envFiles: ['/does/not/.env'] }])[0]?.text).toContain('/does/not/.env');
});

it('says who holds a port', () => {
  expect(held({ workspace: ID, service: 'web', root: '/w' })).toMatchObject({ level: 'ok' });
  expect(held({ workspace: ID, service: 'api', root: '/w' })).toMatchObject({ level: 'bad' });
  expect(held({ workspace: ID, service: 'web', root: '/w' }, false)).toMatchObject({
    level: 'warn',
    mend: expect.stringContaining('upkeep clean'),
  });
  expect(held({ workspace: 'other', service: 'api', root: '/other' })).toMatchObject({
    level: 'bad',
    text: expect.stringContaining('api of the workspace /other, pid 7 (node x.js)'),
    mend: expect.stringContaining('upkeep -C /other stop api'),
  });
  expect(held(null)).toMatchObject({ level: 'bad', mend: expect.stringContaining('kill 7') });
  const stranger = check([{ ports: [3000] }], { holder: () => ({ pid: null, command: null, mark: null }) });
  expect(stranger.at(-1)).toMatchObject({ level: 'bad', text: expect.stringContaining("another user's") });
});

it('warns of a port that two services share', () => {
  const both = [
    { name: 'a', ports: [3000] },
    { name: 'b', ports: [3000, 3001] },
  ];
  expect(check(both)[1]).toMatchObject({ level: 'warn', text: expect.stringContaining('a and b') });
});

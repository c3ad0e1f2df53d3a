import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/contract/exit-codes.ts';
import { selectOne, selectServices } from '../../src/contract/select.ts';
import { userError } from '../config/workspace.ts';

const services = [
  { name: 'web-server', groups: ['front'] },
  { name: 'api-server', groups: ['back', 'core'] },
  { name: 'db', groups: ['back'] },
  { name: 'core', groups: [] },
  { name: '@odd', groups: [] },
];

describe('selectServices', () => {
  it.each([
    [[], ['web-server', 'api-server', 'db', 'core', '@odd']],
    [['db'], ['db']],
    [
      ['db', 'web-server', 'db'],
      ['web-server', 'db'],
    ],
    [['*-server'], ['web-server', 'api-server']],
    [['{db,core}'], ['db', 'core']],
    [['!*-server'], ['db', 'core', '@odd']],
    [['!db'], ['web-server', 'api-server', 'core', '@odd']],
    [['web-server', 'db', '!db'], ['web-server']],
    [['!db', '@back'], ['api-server']],
    [
      ['*', '!@back', '!core'],
      ['web-server', '@odd'],
    ],
    [['!(db|core)'], ['web-server', 'api-server', '@odd']],
    [['@back'], ['api-server', 'db']],
    [['back'], ['api-server', 'db']],
    [['core'], ['core']],
    [['@core'], ['api-server']],
    [['@odd'], ['@odd']],
    [
      ['front', 'db'],
      ['web-server', 'db'],
    ],
  ])('%j selects %j', (selectors, names) => {
    expect(selectServices(selectors, services)).toEqual(names);
  });

  it.each([
    ['web-sever', 'No service or group is called "web-sever".', 'Did you mean "web-server"?'],
    ['bakc', 'No service or group is called "bakc".', 'Did you mean "back"?'],
    ['@bakc', 'No group is called "bakc".', 'Did you mean "@back"?'],
    [
      'something',
      'No service or group is called "something".',
      'Services: web-server, api-server, db, core, @odd. Groups: @front, @back, @core.',
    ],
    [
      'x*',
      'No service matches "x*".',
      'Services: web-server, api-server, db, core, @odd. Groups: @front, @back, @core.',
    ],
  ])('%j is unknown', async (selector, message, hint) => {
    const error = await userError(() => selectServices(['db', selector], services));
    expect(error).toMatchObject({ exitCode: ExitCode.usage, message, hint });
  });

  it('finds what is no longer configured by its name, and offers it to nobody', async () => {
    const all = [...services, { name: 'web-service', groups: [], isGone: true }];
    expect(selectServices(['web-service'], all)).toEqual(['web-service']);
    const near = await userError(() => selectServices(['web-servic'], all));
    expect(near.hint).toBe('Did you mean "web-server"?');
    const far = await userError(() => selectServices(['something'], all));
    expect(far.hint).not.toContain('web-service');
  });

  it('of one: by its name, or by what means nobody else', async () => {
    expect(['db', 'front', '@core', 'web-*'].map((word) => selectOne(word, services, ''))).toEqual([
      'db',
      'web-server',
      'api-server',
      'web-server',
    ]);
    const error = await userError(() => selectOne('@back', services, 'One, please.'));
    expect(error).toMatchObject({ message: '"@back" matches api-server, db.', hint: 'One, please.' });
    const unknown = await userError(() => selectOne('@bakc', services, ''));
    expect(unknown).toMatchObject({ message: 'No group is called "bakc".', hint: 'Did you mean "@back"?' });
  });

  it('refuses what leaves none, and an unknown one behind "!"', async () => {
    const error = await userError(() => selectServices(['db', '!@back'], services));
    expect(error).toMatchObject({ exitCode: ExitCode.usage, message: 'db !@back: no service is left.' });
    const unknown = await userError(() => selectServices(['!bd'], services));
    expect(unknown.message).toBe('No service or group is called "bd".');
  });

  it('has an answer when there are no services at all', async () => {
    const error = await userError(() => selectServices(['db'], []));
    expect(error.hint).toBe('There are no services.');
  });
});

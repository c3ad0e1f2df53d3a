import { expect, it } from 'vitest';
import { withoutHooks } from '../../../src/daemon/exact/without-hooks.ts';

const KIT = '/home/ada/shop/.upkeep/kit/0123456789abcdef';

it('an environment without hooks of ours stays to the letter', () => {
  const env = {
    NODE_OPTIONS: '  --require "/a b/kit/hook.cjs"',
    PYTHONPATH: ':/x:',
    RUBYOPT: '',
    PATH: '/bin',
  };
  expect(withoutHooks(env)).toEqual(env);
  expect(withoutHooks({})).toEqual({});
});

it('what a service was given is taken out again, and the rest stays', () => {
  const env = {
    NODE_OPTIONS: `--require ${KIT}/hook.cjs -r "./my setup.cjs" --require "/run/a b/id.kit/0123456789abcdef/hook.cjs"`,
    PYTHONPATH: `${KIT}/python:/mine`,
    RUBYOPT: `-r${KIT}/ruby/upkeep_report.rb -W0`,
  };
  expect(withoutHooks(env)).toEqual({
    NODE_OPTIONS: '-r "./my setup.cjs"',
    PYTHONPATH: '/mine',
    RUBYOPT: '-W0',
  });
});

it('a variable that held nothing else is not there', () => {
  expect(withoutHooks({ NODE_OPTIONS: `--require ${KIT}/hook.cjs`, PYTHONPATH: `${KIT}/python` })).toEqual(
    {},
  );
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { candidatePaths } from '../../src/loads/candidates.ts';
import { createPlace, isInstalled } from './rig.ts';

const hasRuby = isInstalled('ruby', '-e', 'exit RUBY_VERSION >= "2.6"');

const CASES = [
  {
    name: 'require, require_relative, load, autoload, a thread and a forked child',
    files: {
      'app.rb': `require 'json'
$LOAD_PATH.unshift File.join(__dir__, 'lib')
require 'engine'
require_relative 'near'
load './each.rb'
autoload :Late, './late'
Late
Thread.new { require_relative 'threaded' }.join
Process.wait(fork { require_relative 'forked' })
eval 'x = 1'
`,
      'lib/engine.rb': "require 'rules'\n",
      'lib/rules.rb': '',
      'near.rb': '',
      'each.rb': '',
      'late.rb': 'Late = 1\n',
      'threaded.rb': '',
      'forked.rb': '',
    },
    loads: [
      'app.rb < -',
      'lib/engine.rb < app.rb',
      'lib/rules.rb < lib/engine.rb',
      'near.rb < app.rb',
      'each.rb < app.rb',
      'late.rb < app.rb',
      'threaded.rb < app.rb',
      'forked.rb < app.rb',
    ],
    missing: [],
    code: 0,
  },
  {
    name: 'a syntax error',
    files: { 'app.rb': "require_relative 'bad'\n", 'bad.rb': 'def x(\n' },
    loads: ['app.rb < -', 'bad.rb < app.rb'],
    missing: [],
    code: 1,
  },
  {
    name: 'missing files, rescued and not',
    files: {
      'app.rb':
        "begin; require_relative 'perhaps'; rescue LoadError; end\n$:.unshift __dir__\nrequire 'gone/away'\n",
    },
    loads: ['app.rb < -'],
    missing: ['perhaps', 'gone/away'],
    code: 1,
  },
  {
    name: 'a library that takes the place of load_iseq',
    files: {
      'app.rb': `taker = Module.new { def load_iseq(path) = nil }
RubyVM::InstructionSequence.singleton_class.prepend(taker)
require_relative 'after'
`,
      'after.rb': '',
    },
    loads: ['app.rb < -', 'after.rb < app.rb'],
    missing: [],
    code: 0,
  },
];

describe.skipIf(!hasRuby)('a Ruby process reports what it loads', () => {
  it.each(CASES)('$name', async ({ files, loads, missing, code }) => {
    const place = createPlace(files);
    const outcome = await place.run(['ruby', 'app.rb']);
    expect(outcome.code).toBe(code);
    expect(place.loads()).toEqual(loads);
    expect(place.missing()).toEqual(missing);
    expect(place.report()[0]?.[0]).toBe('hello');
    expect(await place.run(['ruby', 'app.rb'], { hooked: false })).toEqual(outcome);
  });

  it('leaves gems and generated files out', async () => {
    const place = createPlace({
      'app.rb':
        "require_relative 'gems/x-1.0.0/lib/x'\nrequire_relative '.cache/made'\nrequire_relative 'own'\n",
      'gems/x-1.0.0/lib/x.rb': '',
      '.cache/made.rb': '',
    });
    place.write({ 'packages/own.rb': '' });
    fs.symlinkSync(path.join(place.root, 'packages/own.rb'), path.join(place.root, 'own.rb'));
    expect(await place.run(['ruby', 'app.rb'])).toMatchObject({ code: 0, stderr: '' });
    expect(place.loads()).toEqual(['app.rb < -', 'packages/own.rb < app.rb']);
  });

  it.each([['-ruri'], ['--disable-gems'], ['-W1']])('keeps RUBYOPT: %s', async (option) => {
    const place = createPlace({ 'app.rb': 'print [$-W, defined?(URI).nil?, $LOAD_PATH]\n' });
    const env = { RUBYOPT: option };
    expect(await place.run(['ruby', 'app.rb'], { env })).toEqual(
      await place.run(['ruby', 'app.rb'], { env, hooked: false }),
    );
    expect(place.loads()).toEqual(['app.rb < -']);
  });

  it('harms nothing where there is no report', async () => {
    const place = createPlace({ 'app.rb': 'print 1\n' });
    for (const report of ['', '/nonexistent/loaded', '/']) {
      const argv = ['env', `UPKEEP_REPORT=${report}`, 'ruby', 'app.rb'];
      expect(await place.run(argv)).toEqual({ code: 0, stdout: '1', stderr: '' });
    }
  });

  it('names the file that would mend a missing one', () => {
    expect(candidatePaths('/app/gone', '/app/x.rb', '/app')).toContain('/app/gone.rb');
    expect(candidatePaths('gone', '/app/x.rb', '/app')).toEqual([]);
  });
});

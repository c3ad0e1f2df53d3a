import { expect, it } from 'vitest';
import { checkMachine, type Machine } from '../../../src/cli/doctor/machine.ts';

const good: Machine = {
  node: '18.19.0',
  platform: 'linux',
  release: '6.1.0',
  has: () => true,
  subreaper: true,
  resetsSignals: true,
  seesProcesses: true,
  seesEnvironments: true,
  inotify: (limit) => (limit === 'max_user_watches' ? 65_536 : 128),
};

/** Level and text of what is not well. */
const complaints = (changes: Partial<Machine>) =>
  checkMachine({ ...good, ...changes })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, text, mend }) => {
      expect(mend).not.toBe(null);
      return `${level}: ${text}`;
    });

const without =
  (...missing: string[]) =>
  (program: string) =>
    !missing.includes(program);

it('has no complaint about a good machine', () => {
  expect(complaints({})).toEqual([]);
  expect(complaints({ node: '26.0.1' })).toEqual([]);
  expect(checkMachine({ ...good, release: '5.15-microsoft-standard-WSL2' })[1]?.text).toContain('WSL');
});

it('refuses a Node that is too old', () => {
  for (const node of ['18.18.2', '16.20.0']) {
    expect(complaints({ node })).toEqual([`bad: Node ${node} is too old`]);
  }
});

it('says what is lost without each helper', () => {
  expect(complaints({ has: without('mkfifo') })).toEqual(['bad: mkfifo is missing: nothing can be started']);
  expect(complaints({ has: without('flock', 'setsid') })).toEqual([]);
  expect(complaints({ has: without('flock', 'setsid', 'perl'), subreaper: false })).toMatchObject([
    expect.stringContaining('setsid and perl'),
    expect.stringContaining('flock and perl'),
    expect.stringContaining('warn: perl is missing'),
  ]);
  expect(complaints({ resetsSignals: false })).toMatchObject([expect.stringContaining('--default-signal')]);
  expect(complaints({ platform: 'darwin', subreaper: false, has: without('lsof') })).toMatchObject([
    expect.stringContaining('bad: lsof'),
  ]);
});

it('names the sysctl line for a low limit, and nothing where there is no such limit', () => {
  const findings = checkMachine({ ...good, inotify: () => 100 });
  expect(findings.map(({ mend }) => mend).join('\n')).toContain(
    'sudo sysctl fs.inotify.max_user_watches=524288',
  );
  expect(findings.map(({ mend }) => mend).join('\n')).toContain(
    'sudo sysctl fs.inotify.max_user_instances=512',
  );
  expect(complaints({ inotify: () => null })).toEqual([]);
});

it('tells a hidden /proc', () => {
  expect(complaints({ seesProcesses: false })).toMatchObject([expect.stringMatching(/^bad: \/proc/)]);
  expect(complaints({ seesEnvironments: false })).toMatchObject([expect.stringMatching(/^warn: \/proc/)]);
});

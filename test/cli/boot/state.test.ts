/** What `boot status`, `doctor` and `boot enable` make of what systemd says. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentFile, type BootAgent, bootAgent } from '../../../src/boot/agent.ts';
import { bootState } from '../../../src/cli/boot/state.ts';
import { enable, requireSupervisor, type Tell, type Told } from '../../../src/cli/boot/supervisor.ts';
import { stateText } from '../../../src/cli/boot/words.ts';
import { checkBoot } from '../../../src/cli/doctor/boot.ts';

let root: string;
let agent: BootAgent;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-boot-')));
  agent = bootAgent(root, { platform: 'linux', home: join(root, 'home'), config: undefined });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const said = (told: Partial<Told>): Told => ({ code: 0, stdout: '', stderr: '', ...told });

function answering(answers: Record<string, Partial<Told>>): Tell {
  return (program, args) => {
    const found = Object.entries(answers).find(([words]) => `${program} ${args.join(' ')}`.includes(words));
    return said(found?.[1] ?? {});
  };
}

const ENABLED = answering({ 'is-enabled': { stdout: 'enabled' }, loginctl: { stdout: 'Linger=no' } });

function write(node = process.execPath): void {
  const here = join(root, 'guard.sh');
  writeFileSync(here, '');
  mkdirSync(dirname(agent.file), { recursive: true });
  const start = { guard: here, lock: '/l', node, daemon: here, workspace: root, env: {} };
  writeFileSync(agent.file, agentFile(agent, start));
}

describe('the state', () => {
  it('without a file is that nothing starts', () => {
    expect(bootState(root, agent, ENABLED)).toMatchObject({ enabled: false, start: null, problems: [] });
    expect(stateText(bootState(root, agent, ENABLED))).toContain('upkeep boot enable');
  });

  it('says at once where nothing can start it', () => {
    for (const [told, words] of [
      [{ code: null }, 'systemd is not here: the program systemctl cannot be run'],
      [
        { code: 1, stderr: 'Failed to connect to bus: No medium found' },
        'systemd does not run for you here: systemctl says: Failed to connect to bus: No medium found',
      ],
    ] as const) {
      const state = bootState(root, agent, () => said(told));
      expect(state).toMatchObject({ enabled: false, obstacle: { text: words }, problems: [] });
      expect(stateText(state)).toContain(`Boot is not enabled, and cannot be here: ${words}.`);
      expect(stateText(state)).not.toContain('upkeep boot enable');
      const [finding] = checkBoot(root, () => said(told));
      expect(finding).toMatchObject({ text: expect.stringContaining(words) });
    }
  });

  it('names what would be started, by which Node, and when', () => {
    write();
    writeFileSync(
      join(root, '.server-daemon-state.json'),
      JSON.stringify({ servers: ['web', 'api'], timestamp: '' }),
    );
    const state = bootState(root, agent, ENABLED);
    expect(state).toMatchObject({ enabled: true, services: ['web', 'api'], lingers: false, problems: [] });
    expect(stateText(state)).toContain('after a reboot, web, api are started again');
    expect(stateText(state)).toContain(process.execPath);
    expect(stateText(state)).toContain('loginctl enable-linger');
  });

  it('tells of a Node that is gone', () => {
    write('/home/ada/.nvm/versions/node/v18.0.0/bin/node');
    const { problems } = bootState(root, agent, ENABLED);
    expect(problems).toEqual([
      {
        text: 'Node is recorded as /home/ada/.nvm/versions/node/v18.0.0/bin/node, which is gone',
        mend: 'upkeep boot enable records the ones of today',
      },
    ]);
  });

  it('tells of a unit that is there and not enabled, and of a systemd that does not answer', () => {
    write();
    const disabled = bootState(
      root,
      agent,
      answering({ 'is-enabled': { code: 1, stdout: 'disabled' }, loginctl: { code: 1 } }),
    );
    expect(disabled).toMatchObject({ enabled: false, lingers: null });
    expect(disabled.problems).toMatchObject([{ text: 'systemd does not have it enabled' }]);
    const silent = bootState(root, agent, () => said({ code: null }));
    expect(silent.problems).toMatchObject([{ text: /systemd does not answer/ }]);
  });

  it('tells of a file that was changed by hand', () => {
    write();
    writeFileSync(agent.file, '[Service]\nExecStart=/bin/true\n');
    expect(bootState(root, agent, ENABLED).problems).toMatchObject([{ mend: 'upkeep boot enable' }]);
  });
});

describe('enabling', () => {
  it('says what to do where there is no systemd, or none for this user', () => {
    expect(() => requireSupervisor(agent, () => said({ code: null, stderr: 'ENOENT' }))).toThrow(
      /systemd is not here: the program systemctl cannot be run/,
    );
    const noBus = () => said({ code: 1, stderr: 'Failed to connect to bus: No medium found' });
    expect(() => requireSupervisor(agent, noBus)).toThrow(/Failed to connect to bus/);
    expect(() => requireSupervisor(agent, () => said({}))).not.toThrow();
  });

  it('fails with what systemd says', () => {
    expect(() => enable(agent, answering({ 'daemon-reload': { code: 1, stderr: 'Access denied' } }))).toThrow(
      /daemon-reload" failed: Access denied/,
    );
  });

  it('on macOS tells launchd', () => {
    const calls: string[] = [];
    const mac = bootAgent(root, { platform: 'darwin', home: root, config: undefined });
    const tell: Tell = (program, args) => {
      calls.push([program, ...args].join(' '));
      return said({});
    };
    requireSupervisor(mac, tell);
    enable(mac, tell);
    expect(calls).toEqual([
      'launchctl managername',
      expect.stringMatching(/^launchctl enable gui\/\d+\/dev\.upkeep\./),
    ]);
    expect(bootState(root, mac, tell)).toMatchObject({ kind: 'launchd', enabled: false });
  });
});

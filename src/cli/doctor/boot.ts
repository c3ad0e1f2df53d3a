/** Whether services come back after a reboot, if that was asked for. */
import { userInfo } from 'node:os';
import { bootAgent } from '../../boot/agent.ts';
import { bootState } from '../boot/state.ts';
import { type Tell, tell } from '../boot/supervisor.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export function checkBoot(root: string, ask: Tell = tell): Finding[] {
  const state = bootState(root, bootAgent(root), ask);
  if (state.problems.length > 0)
    return state.problems.map(({ text, mend }) => bad(`After a reboot: ${text}`, mend));
  if (state.obstacle !== null)
    return [ok(`After a reboot nothing starts by itself, and cannot here: ${state.obstacle.text}`)];
  if (!state.enabled)
    return [ok('After a reboot nothing starts by itself; "upkeep boot enable" changes that')];
  if (state.lingers === false)
    return [
      warn(
        'After a reboot, services run only while you are logged in',
        `loginctl enable-linger ${userInfo().username}`,
      ),
    ];
  return [ok('After a reboot, the services that were running are started again')];
}

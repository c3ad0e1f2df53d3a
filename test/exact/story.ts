/** What the stories share: fake servers that load files of the project, and the certainty that nothing more comes. */
import { appendFileSync } from 'node:fs';
import type { Config } from '../../src/config/types.ts';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { untilState } from '../e2e/support.ts';
import type { FakeCommand } from '../rig/invocation.ts';
import { type Rig, type RigService, testRig } from '../rig/rig.ts';

const SENTINEL = 'sentinel';
/** ms; longer than any quiet period that adapts: its restart comes after those for which earlier edits were the cause. */
const SENTINEL_QUIET = 800;

/** A rig with a sentinel beside these services. */
export async function story(
  declare: (rig: Rig) => Record<string, RigService> | Promise<Record<string, RigService>>,
  rest: Omit<Config, 'services'> = {},
): Promise<Rig> {
  const rig = await testRig();
  const services = await declare(rig);
  rig.configure({ ...services, [SENTINEL]: { watch: { quiet: SENTINEL_QUIET } } }, rest);
  return rig;
}

/** The command of a fake server whose entry begins with this code; it is an ES module. */
export function loading(rig: Rig, name: string, code: string, does: readonly FakeCommand[] = []): string[] {
  const command = rig.fake(name, does);
  rig.write(rig.entry(name), `${code}\n${rig.read(rig.entry(name))}`);
  return command;
}

/** All that was done until now has had its effect: a later edit of another service has. */
export async function settled(rig: Rig): Promise<void> {
  // Without a port it is ready after a moment, maybe before it has loaded anything: what is saved then needs no restart.
  const hasLoaded = (runs: number) =>
    rig.eventually(() => rig.invocations(SENTINEL).length >= runs, 'the sentinel has loaded its code');
  const before = (await rig.service(SENTINEL)).run ?? 0;
  await hasLoaded(before);
  appendFileSync(rig.path(rig.entry(SENTINEL)), '// that is all\n');
  await rig.eventually(async () => {
    const { run, state } = await rig.service(SENTINEL);
    return state === 'ready' && run !== null && run > before;
  }, 'the sentinel has restarted');
  await hasLoaded(before + 1);
}

/** The service is ready in this run, and stays in it. */
export async function staysIn(rig: Rig, name: string, run: number): Promise<ServiceStatus> {
  await settled(rig);
  return isIn(rig, name, run);
}

/** The same of several. */
export async function stayIn(rig: Rig, runs: Record<string, number>): Promise<void> {
  await settled(rig);
  for (const [name, run] of Object.entries(runs)) await isIn(rig, name, run);
}

async function isIn(rig: Rig, name: string, run: number): Promise<ServiceStatus> {
  const status = await untilState(rig, name, 'ready');
  if (status.run !== run) {
    throw new Error(`${name} is in run ${status.run}, not ${run}: ${JSON.stringify(status.cause)}`);
  }
  return status;
}

/** Waits until it is ready in a run for which these files were the cause. */
export function restartedBy(rig: Rig, name: string, ...files: string[]): Promise<ServiceStatus> {
  return rig.eventually(async () => {
    const status = await rig.service(name);
    const { cause, state } = status;
    return state === 'ready' && cause?.kind === 'edit' && cause.files.join() === files.join() && status;
  }, `${name} restarted by ${files}`) as Promise<ServiceStatus>;
}

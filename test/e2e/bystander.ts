/** A good server beside the mistakes and misfortunes of a test: none of them may disturb it. */
import { expect } from 'vitest';
import type { CommandResult } from '../rig/command.ts';
import { isAlive } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { expectRuns } from './support.ts';

/** A running server that no mistake may disturb. */
export interface Bystander {
  readonly rig: Rig;
  readonly pid: number;
}

const bystanders: Bystander[] = [];

export async function withBystander(): Promise<Bystander> {
  const rig = await testRig();
  rig.configure({ web: {}, other: {} });
  await rig.ok('start', 'web');
  const bystander = { rig, pid: (await rig.nextInvocation('web')).pid };
  bystanders.push(bystander);
  return bystander;
}

/** For `afterEach`: they are still what they were. */
export async function expectUndisturbed(): Promise<void> {
  for (const { pid, rig } of bystanders.splice(0)) {
    expect(isAlive(pid)).toBe(true);
    await expectRuns(rig, 'web', 1);
  }
}

/** What the person sees, in one text: a message, never a stack trace. */
export function told(result: CommandResult): string {
  const text = result.stdout + result.stderr;
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(text).not.toContain('node:internal');
  return text;
}

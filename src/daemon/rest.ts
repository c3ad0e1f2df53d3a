/**
 * All of the daemon but its entrance (main.ts): a bundle of its own, kept as V8 compiled it, and evaluated piece by piece.
 * Whoever comes meanwhile is greeted.
 */
import type { Claimed } from './begin.ts';
import { greetMeanwhile } from './entrance.ts';

export async function goOn(claimed: Claimed): Promise<void> {
  await import('../contract/facts.ts');
  await greetMeanwhile();
  await import('../contract/protocol.ts');
  await greetMeanwhile();
  const { begin } = await import('./begin.ts');
  await greetMeanwhile();
  await begin(claimed);
}

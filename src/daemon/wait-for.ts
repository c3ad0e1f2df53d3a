/** `wait`: until services are ready and no edit is on its way to them. */
import type { Outcome, Request } from '../contract/protocol.ts';
import { selectServices } from '../contract/select.ts';
import type { Service } from '../supervisor/state.ts';
import type { CommandWorld } from './commands.ts';
import { waitOutcome } from './outcome.ts';
import { handedOver, type Send, settle } from './settle.ts';

type Wait = Extract<Request, { method: 'wait' }>;

/** With files: of the services that they concern; a failure of one of those is the answer. Without: of these, or of all that are wanted. */
export async function waitFor(
  { names, files }: Wait,
  world: CommandWorld,
  send: Send,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const { engine } = world;
  const isPatient = names.length > 0 && files.length === 0;
  const specs = [...engine.services.values()].map(({ spec }) => spec);
  const chosen = selectServices(names, specs).filter(
    (name) => isPatient || engine.services.get(name)?.wanted === true,
  );
  const verdictOf = (service: Service) => waitOutcome(engine.services, service, isPatient);
  const isAtRest = (name: string) => {
    const service = engine.services.get(name);
    return service !== undefined && verdictOf(service)?.ok === true;
  };
  const concerned = await world.caughtUp(files);
  // What a run loads that is on its way is known when it is ready.
  const followed =
    files.length === 0 ? chosen : chosen.filter((name) => concerned.has(name) || !isAtRest(name));
  const settling = {
    names: followed,
    already: followed.filter(isAtRest),
    verdictOf,
    ...(files.length > 0 && { concerned }),
  };
  const settled = await settle(settling, world, send, signal);
  await handedOver(settled, engine);
  const outcomes = settled.map((each) => withPutOff(each, world.putOff(each.service, files)));
  const isSure = files.length === 0 || followed.every((name) => concerned.has(name));
  if (isSure || signal.aborted) return outcomes;
  for (const name of await world.caughtUp(files)) concerned.add(name);
  return outcomes.filter(({ service }) => concerned.has(service));
}

/** It is ready, but not by this edit. */
function withPutOff(told: Outcome, files: readonly string[]): Outcome {
  if (!told.ok || files.length === 0) return told;
  const message = `is not restarted by ${files.join(', ')} yet: it seems to write that itself, so that is put off ("upkeep status" says for how long; "upkeep restart ${told.service}" does it now)`;
  return { ...told, ok: false, message };
}

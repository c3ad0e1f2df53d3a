/** Each operation of the contract, carried out by a connection. */

import type * as z from 'zod/mini';
import type { Connection } from '../api/index.ts';
import type { Operation, ROUTES } from '../contract/api/routes.ts';

type Answers = {
  [Name in Exclude<Operation, 'events'>]: (
    upkeep: Connection,
    input: z.output<(typeof ROUTES)[Name]['input']>,
    service: string,
    /** Aborted when whoever asked is gone. */
    signal: AbortSignal,
  ) => z.output<(typeof ROUTES)[Name]['output']> | Promise<z.output<(typeof ROUTES)[Name]['output']>>;
};

export function operations(): Answers {
  return {
    status: (upkeep) => upkeep.status(),
    metrics: (upkeep) => upkeep.metrics(),
    config: (upkeep) => upkeep.config(),
    journal: (upkeep, query) => upkeep.journal(query),
    runs: (upkeep, query, service) => upkeep.runs(service, query),
    usage: (upkeep, query, service) => upkeep.usage(service, query),
    serviceLoads: (upkeep, _, service) => upkeep.serviceLoads(service),
    loads: (upkeep) => upkeep.loads(),
    concerns: (upkeep, { file }) => upkeep.concerns(file),
    logs: (upkeep, query) => upkeep.searchLogs(query),
    start: async (upkeep, { names, wait }) => ({ outcomes: await upkeep.start(names, { wait }) }),
    stop: async (upkeep, { names, wait }) => ({ outcomes: await upkeep.stop(names, { wait }) }),
    restart: async (upkeep, { names, wait, hard }) => ({
      outcomes: await upkeep.restart(names, { wait, hard }),
    }),
    wait: (upkeep, { services, files, timeout }, _, signal) =>
      upkeep.wait({ services, files, signal, ...(timeout !== undefined && { timeout }) }),
  };
}

/** What the services are configured as, with nothing in it that is secret. */
import * as z from 'zod/mini';
import { ResolvedService } from '../config.ts';

/** As the daemon runs by it. Secret values in `env`, commands and urls are masked: `***`. */
export const ConfigReport = z.object({
  workspace: z.string(),
  /** Absolute path of the configuration; '' when none has been applied yet. */
  file: z.string(),
  services: z.array(ResolvedService),
});
export type ConfigReport = z.infer<typeof ConfigReport>;

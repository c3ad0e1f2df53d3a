/** CPU and memory over time. Sampled only while somebody follows `metrics` in the event stream. */
import * as z from 'zod/mini';

export const MetricsSample = z.object({
  /** Epoch ms. */
  at: z.number(),
  services: z.array(
    z.object({
      name: z.string(),
      /** Percent of one core over the whole tree, since the sample before; null: it does not run. */
      cpu: z.nullable(z.number()),
      /** Resident bytes of the whole tree. */
      memory: z.nullable(z.number()),
    }),
  ),
  /** The whole machine. */
  machine: z.object({
    cores: z.number(),
    /** Percent of all cores, 0 to 100; null in the first sample. */
    cpu: z.nullable(z.number()),
    memoryUsed: z.number(),
    memoryTotal: z.number(),
  }),
});
export type MetricsSample = z.infer<typeof MetricsSample>;

/** What was sampled in the last ten minutes, oldest first; empty when nobody looked. */
export const MetricsReport = z.object({
  /** ms between samples. */
  interval: z.number(),
  samples: z.array(MetricsSample),
});
export type MetricsReport = z.infer<typeof MetricsReport>;

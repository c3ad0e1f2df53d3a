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

export const UsageQuery = z.object({
  /** Epoch ms, an ISO time, `14:02`, or how long ago: `10m`, `2h`. */
  since: z._default(z.string(), '24h'),
});
export type UsageQuery = z.input<typeof UsageQuery>;

/** The average of a minute, or of a part of one. */
export const UsagePoint = z.object({
  /** Its end, epoch ms. */
  at: z.number(),
  /** Percent of one core; null: not known. */
  cpu: z.nullable(z.number()),
  /** Resident bytes. */
  memory: z.number(),
});
export type UsagePoint = z.infer<typeof UsagePoint>;

/** As far as somebody looked: points that are further apart than `gap` ms have nothing between them that is known. */
export const UsageReport = z.object({
  service: z.string(),
  gap: z.number(),
  /** Oldest first. */
  points: z.array(UsagePoint),
});
export type UsageReport = z.infer<typeof UsageReport>;

/** CPU and memory, sampled while somebody follows them; kept for ten minutes, and as averages for a day. */
import { cpus, freemem, totalmem } from 'node:os';
import type { MetricsReport, MetricsSample } from '../contract/api/metrics.ts';
import type { StatusReport } from '../contract/status.ts';
import type { UsageWriter } from './usage-history.ts';

/** ms. */
const INTERVAL = 2000;
const KEPT = 300;

export interface Sampler {
  /** Answers its undo; the last one to leave stops the sampling. The first sample comes at once. */
  follow(onSample: (sample: MetricsSample) => void): () => void;
  report(): MetricsReport;
}

export function createSampler(status: () => StatusReport | null, usage: UsageWriter): Sampler {
  const followers = new Set<(sample: MetricsSample) => void>();
  const samples: MetricsSample[] = [];
  const machine = machineUsage();
  let timer: NodeJS.Timeout | null = null;

  const sample = () => {
    const report = status();
    const taken: MetricsSample = {
      at: Date.now(),
      services: (report?.services ?? []).map(({ name, cpu, memory }) => ({ name, cpu, memory })),
      machine: machine(),
    };
    samples.push(taken);
    if (samples.length > KEPT) samples.shift();
    usage.add(taken);
    for (const tell of followers) tell(taken);
  };

  return {
    follow(onSample) {
      followers.add(onSample);
      if (timer === null) {
        timer = setInterval(sample, INTERVAL);
        setImmediate(() => followers.size > 0 && sample());
      }
      return () => {
        followers.delete(onSample);
        if (followers.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
        usage.flush();
      };
    },
    report: () => ({
      interval: INTERVAL,
      samples: samples.filter(({ at }) => at > Date.now() - INTERVAL * KEPT),
    }),
  };
}

function machineUsage(): () => MetricsSample['machine'] {
  let before: { busy: number; all: number } | null = null;
  return () => {
    const cores = cpus();
    const times = cores.map(({ times: { user, nice, sys, idle, irq } }) => ({
      busy: user + nice + sys + irq,
      all: user + nice + sys + irq + idle,
    }));
    const now = {
      busy: times.reduce((sum, { busy }) => sum + busy, 0),
      all: times.reduce((sum, { all }) => sum + all, 0),
    };
    const span = before === null ? 0 : now.all - before.all;
    const cpu =
      before === null || span <= 0 ? null : Math.round(((now.busy - before.busy) / span) * 1000) / 10;
    before = now;
    return { cores: cores.length, cpu, memoryUsed: totalmem() - freemem(), memoryTotal: totalmem() };
  };
}

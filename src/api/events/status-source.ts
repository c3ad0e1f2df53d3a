/** What changes in the status. Figures (CPU, memory) are not news: they come as metrics. */
import type { ApiEvent } from '../../contract/api/events.ts';
import type { ServiceStatus, StatusReport } from '../../contract/status.ts';

export interface StatusSource {
  /** The change from the last report to this one; none: nothing that matters. */
  change(report: StatusReport): ApiEvent[];
}

export function statusSource(first: StatusReport): StatusSource {
  let before = first;
  return {
    change(report) {
      const known = new Map(before.services.map((service) => [service.name, facts(service)]));
      const changed = report.services.filter((service) => known.get(service.name) !== facts(service));
      const names = new Set(report.services.map(({ name }) => name));
      const removed = [...known.keys()].filter((name) => !names.has(name));
      const whole = changed.length + removed.length > 0 || about(before) !== about(report);
      before = report;
      const { daemon, notes } = report;
      return whole ? [{ type: 'status', daemon, notes, changed, removed }] : [];
    },
  };
}

function facts({ cpu: _, memory: __, ...rest }: ServiceStatus): string {
  return JSON.stringify(rest);
}

function about({ daemon, notes }: StatusReport): string {
  return JSON.stringify([daemon, notes]);
}

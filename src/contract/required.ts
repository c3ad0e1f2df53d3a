/** What else has to run when some services are to. */
import type { ResolvedService } from './config.ts';

/** The chosen ones and all that they require, and these in turn, in the order of `services`. */
export function withRequired(
  chosen: string[],
  services: Pick<ResolvedService, 'name' | 'dependsOn'>[],
): string[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const found = new Set<string>();
  const open = [...chosen];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(
      ...(byName.get(name)?.dependsOn ?? []).filter((each) => each.required).map((each) => each.service),
    );
  }
  return services.map(({ name }) => name).filter((name) => found.has(name));
}

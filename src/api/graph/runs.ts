/** What the current, or last, run of each service loaded: from its folder, without the daemon. */
import { join } from 'node:path';
import type { ResolvedService } from '../../contract/config.ts';
import { REPORT_FILE } from '../../contract/report.ts';
import type { ServiceStatus } from '../../contract/status.ts';
import { isGo, whatRuns } from '../../languages/index.ts';
import { withBuilder } from '../../loads/built.ts';
import { type Exactness, exactness } from '../../loads/exactness.ts';
import type { Loaded } from '../../loads/loaded.ts';
import { readReportFile } from '../../loads/read-report.ts';
import { readJson } from '../../platform/files.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { recordedRuns, recordedServices } from '../../process/run-folder.ts';
import { readReport } from '../../status/report.ts';

export interface ServiceRun {
  service: string;
  /** Null when none is kept. */
  run: number | null;
  /** True when its process lives. */
  alive: boolean;
  /** True when the person wants it up: only then does an edit restart it. */
  wanted: boolean;
  /** Null when the run has no report. */
  loaded: Loaded | null;
  exactness: Exactness;
  /** Its toolchain says what it is built from (Go), and no process of its. */
  isBuilt: boolean;
  /** Its command makes what it runs: that is no source. */
  makes: boolean;
  /** Null when the daemon's copy of the configuration does not have it. */
  spec: ResolvedService | null;
}

/** One for each name, in their order. `root`: real path of the workspace. */
export function readRuns(root: string, names: string[]): ServiceRun[] {
  const specs = new Map(appliedServices(root).map((spec) => [spec.name, spec]));
  const status = new Map(readReport(root)?.services.map((each) => [each.name, each]));
  return names.map((name) => readRun(root, name, specs.get(name) ?? null, status.get(name)));
}

/** The services that are configured; where nothing tells which those are, those of which runs are kept. */
export function serviceNames(root: string): string[] {
  const configured = appliedServices(root).map(({ name }) => name);
  return configured.length > 0 ? configured : recordedNames(root);
}

/** Also of services that are no longer configured. */
export function recordedNames(root: string): string[] {
  return recordedServices(workspacePaths(root).runs);
}

function readRun(
  root: string,
  service: string,
  spec: ResolvedService | null,
  status: ServiceStatus | undefined,
): ServiceRun {
  const { runs } = workspacePaths(root);
  const run = recordedRuns(runs, service).at(-1) ?? null;
  const cwd = spec?.cwd ?? root;
  const report = run === null ? null : readReportFile(join(runs, service, String(run), REPORT_FILE), cwd);
  const alive = status?.pid != null;
  const begun = status?.startedAt == null ? Date.now() : Date.parse(status.startedAt);
  const what =
    spec === null
      ? { program: null, reloads: false, builder: null }
      : withBuilder(whatRuns(spec), report, begun);
  const isBuilt = spec?.watch.enabled === true && isGo(spec);
  const judged = isBuilt
    ? asBuilt(status)
    : exactness({
        loaded: report,
        phase: !alive ? 'ended' : status.state === 'starting' ? 'starting' : 'settled',
        ...what,
        env: spec?.env ?? {},
        watched: spec?.watch.enabled !== false,
      });
  return {
    service,
    run,
    alive,
    wanted: status?.wanted === 'up',
    // Nobody writes into the report of a run that was not asked.
    loaded: judged.kind === 'off' ? null : report,
    exactness: judged,
    isBuilt,
    makes: what.builder !== null,
    spec,
  };
}

/** The daemon has asked the toolchain, or will at the next start. */
function asBuilt(status: ServiceStatus | undefined): Exactness {
  const watching = status?.watching ?? { kind: 'off' };
  return watching.kind === 'off' ? { kind: 'exact' } : watching;
}

/** From the daemon's copy: written by us, so read without a schema. */
function appliedServices(root: string): ResolvedService[] {
  const config = readJson(workspacePaths(root).config);
  if (typeof config !== 'object' || config === null || !('services' in config)) return [];
  return Array.isArray(config.services) ? config.services : [];
}

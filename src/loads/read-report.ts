/** The whole report of a run as a graph: for whoever looks once. */
import { Loaded } from './loaded.ts';
import { MAX_REPORT_BYTES, openReport } from './report-file.ts';

/** Null when the run has no report. `cwd`: folder that the service starts in. */
export function readReportFile(path: string, cwd: string): Loaded | null {
  const loaded = new Loaded(cwd);
  const file = openReport(path, (line) => loaded.take(line));
  if (file === null) return null;
  if (file.read(MAX_REPORT_BYTES + 1) !== 'all') loaded.cut();
  file.close();
  return loaded;
}

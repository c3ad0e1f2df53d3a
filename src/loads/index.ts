/** What did each run load, and by which chain? */
export { type Exactness, exactness, type RunFacts } from './exactness.ts';
export { completed, explain } from './explain.ts';
export { followReport, type ReportFollower } from './follow-report.ts';
export { Loaded, type Missing, type News } from './loaded.ts';
export { readReportFile } from './read-report.ts';

/** What did each run load, and by which chain? What the daemon needs of it; the CLI reads reports as a whole. */
export { withBuilder } from './built.ts';
export { exactness } from './exactness.ts';
export { explain } from './explain.ts';
export type { ReportFollower } from './follow-report.ts';
export { type Listing, Loaded, type News } from './loaded.ts';
export { shareReport } from './share-report.ts';

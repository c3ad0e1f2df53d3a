/** Whose run is there because of an edit: what one edits need not be loaded again by the run that it brought. Pure. */
import type { Cause } from '../contract/facts.ts';
import type { Service } from '../supervisor/state.ts';

/** Of one of these files, as they are shown: the last run that took over, the one that is about to, or one that failed to. */
export function isBroughtBy({ state, lastCause }: Service, files: readonly string[]): boolean {
  const beside = state.kind === 'ready' ? [state.successor?.cause, state.failedEdit?.cause] : [];
  return [lastCause, ...beside].some((cause) => names(cause, files));
}

function names(cause: Cause | null | undefined, files: readonly string[]): boolean {
  return cause?.kind === 'edit' && cause.files.some((file) => files.includes(file));
}

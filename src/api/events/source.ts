/** What the event stream is put together from. */
import type { ApiEvent } from '../../contract/api/events.ts';

export interface Source {
  /** What has come since the last call, as far as it is to be told at once. `more`: ask again soon. */
  take(): { events: ApiEvent[]; more: boolean };
  close(): void;
}

/** What a client's line asks for. */
import { Request } from '../contract/protocol.ts';

/** `raw`: as it was sent, parsed. Null: nothing that this daemon knows. */
export function requestIn(raw: unknown): Request | null {
  const request = Request.safeParse(raw);
  return request.success ? request.data : null;
}

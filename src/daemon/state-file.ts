/** `.server-daemon-state.json`, exactly as the specification has it: which servers are wanted up. */
import * as z from 'zod/mini';
import { readJson, readText, writeJson } from '../platform/files.ts';

const StateFile = z.object({ servers: z.array(z.string()), timestamp: z.string() });

/** Throws what the file system throws. */
export function writeStateFile(path: string, servers: string[], wall: number): void {
  writeJson(path, { servers, timestamp: new Date(wall).toISOString() });
}

/** The wanted services; null when there is no such file; `corrupt` when it does not say. */
export function readStateFile(path: string): string[] | null | 'corrupt' {
  if (readText(path) === null) return null;
  const parsed = StateFile.safeParse(readJson(path));
  return parsed.success ? parsed.data.servers : 'corrupt';
}

/** What lies on disk while faults go on: whatever is missing reads as empty. */
import { readdirSync, readFileSync } from 'node:fs';

export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

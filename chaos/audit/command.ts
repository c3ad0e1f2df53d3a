/** Does `upkeep logs` show what stands in the files, each line once? */
import { logTexts } from '../observe/lines.ts';
import type { World } from '../world.ts';

const ALL = '1000000000';

/** When nothing prints any more. */
export async function auditCommand(world: World): Promise<string[]> {
  const problems: string[] = [];
  for (const { name } of world.room.roles) {
    const { code, stdout, stderr } = await world.room.cli('logs', name, '-n', ALL);
    if (code !== 0) problems.push(`upkeep logs ${name} ends with ${code}: ${stderr}`);
    else problems.push(...difference(name, linesOf(stdout), linesOf(written(world, name))));
  }
  return problems;
}

function written(world: World, service: string): string {
  return logTexts(world.room.path('.server-logs'), service, [])
    .map(({ text }) => text)
    .join('');
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function difference(service: string, shown: string[], there: string[]): string[] {
  const at = there.findIndex((line, index) => line !== shown[index]);
  if (at === -1 && shown.length === there.length) return [];
  const index = at === -1 ? there.length : at;
  return [
    `upkeep logs ${service} shows ${shown.length} lines of ${there.length}; line ${index + 1} is ${JSON.stringify(shown[index])}, not ${JSON.stringify(there[index])}`,
  ];
}

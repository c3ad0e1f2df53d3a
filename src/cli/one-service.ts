/** Commands that tell of one service: which one is meant. */
import { currentConfig } from '../client/dist.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { selectOne } from '../contract/select.ts';

/** The configuration is read only for a name that is not known without it. Throws UserError (usage). */
export async function oneService(
  command: string,
  words: string[],
  root: string,
  known: string[],
): Promise<string> {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0)
    throw new UserError(
      ExitCode.usage,
      `"upkeep ${command}" takes the name of one service.`,
      `For example: upkeep ${command} web`,
    );
  if (known.includes(name)) return name;
  const config = await currentConfig(root).catch(() => null);
  // What is no longer configured has its name, and is not offered.
  const all = config?.services ?? known.map((each) => ({ name: each, groups: [] }));
  return selectOne(name, all, `"upkeep ${command}" tells of one service.`);
}

import { type CommandDef, defineCommand } from 'citty';
import { distFile } from '../../client/dist.ts';
import { findRoot } from '../../client/workspace.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { nearest } from '../../contract/nearest.ts';
import { COMMANDS } from '../commands.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { completionNames } from '../completion/names.ts';
import { type CommandSpec, commandSpec, SHELLS, type Shell } from '../completion/spec.ts';
import { zshScript } from '../completion/zsh.ts';

const SCRIPTS: Record<Shell, (commands: CommandSpec[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export default defineCommand({
  meta: {
    name: 'completion',
    description: `To have it in every shell:
  bash  echo 'eval "$(upkeep completion bash)"' >> ~/.bashrc
  zsh   echo 'eval "$(upkeep completion zsh)"' >> ~/.zshrc  (after compinit)
  fish  upkeep completion fish > ~/.config/fish/completions/upkeep.fish
Print the completion script of a shell`,
  },
  args: {
    shell: { type: 'positional', required: false, description: SHELLS.join(', ') },
    names: { type: 'boolean', description: 'Print the names of services and groups (for the scripts)' },
    services: { type: 'boolean', description: 'Print the names of services (for the scripts)' },
  },
  run({ args }) {
    if (args.names === true || args.services === true) return printNames(args.names === true);
    const shell = chosenShell(args._);
    const commands = Object.entries(COMMANDS).map(([name, description]) =>
      commandSpec(name, description, definitionOf(name)),
    );
    process.stdout.write(SCRIPTS[shell](commands));
  },
});

/** Whatever is wrong, a Tab prints nothing and fails silently. */
function printNames(withGroups: boolean): void {
  try {
    process.stdout.write(
      completionNames(findRoot(), withGroups)
        .map((name) => `${name}\n`)
        .join(''),
    );
  } catch {
    // No workspace here: nothing to complete.
  }
}

function chosenShell([written, ...more]: string[]): Shell {
  const shell = SHELLS.find((one) => one === written);
  if (shell !== undefined && more.length === 0) return shell;
  const meant = written === undefined ? null : nearest(written, SHELLS);
  throw new UserError(
    ExitCode.usage,
    written === undefined
      ? 'For which shell?'
      : `There is no completion for "${[written, ...more].join(' ')}".`,
    meant === null || more.length > 0 ? `One of: ${SHELLS.join(', ')}.` : `Did you mean "${meant}"?`,
  );
}

function definitionOf(name: string): CommandDef {
  return require(distFile(`commands/${name}.cjs`)).default;
}

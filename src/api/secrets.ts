/** Takes out of a configuration what nobody who looks over a shoulder, or an agent, has to see. Pure. */
import type { Command, ReadyCheck, ResolvedService } from '../contract/config.ts';
import { isSecretName, MASK, mask, maskVariable } from '../contract/mask.ts';

export function withoutSecrets(service: ResolvedService): ResolvedService {
  return {
    ...service,
    command: maskCommand(service.command),
    env: Object.fromEntries(
      Object.entries(service.env).map(([name, value]) => [name, maskVariable(name, value)]),
    ),
    url: service.url === null ? null : mask(service.url),
    ready: maskReady(service.ready),
  };
}

function maskCommand(command: Command): Command {
  if ('shell' in command) return { shell: mask(command.shell) };
  return {
    argv: command.argv.map((word, number) => (isOption(command.argv[number - 1]) ? MASK : mask(word))),
  };
}

/** Its value is the next word. */
function isOption(word = ''): boolean {
  const [, name] = /^--?([\w-]+)$/.exec(word) ?? [];
  return name !== undefined && isSecretName(name);
}

function maskReady(ready: ReadyCheck): ReadyCheck {
  if (ready.kind === 'http') return { ...ready, url: mask(ready.url) };
  return ready.kind === 'command' ? { ...ready, command: mask(ready.command) } : ready;
}

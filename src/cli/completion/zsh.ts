import { quote } from '../../process/launch-script.ts';
import type { CommandSpec, OptionSpec } from './spec.ts';

export function zshScript(commands: CommandSpec[]): string {
  return `#compdef upkeep
# Completion of upkeep for zsh. To have it in every shell (after compinit):
#   echo 'eval "$(upkeep completion zsh)"' >> ~/.zshrc
# or save it as a file called _upkeep in a folder of $fpath.
compdef _upkeep upkeep

_upkeep() {
  local -a folder commands options values names
  local at=2 takes=''
  if [[ $words[2] == -C ]]; then
    if (( CURRENT == 3 )); then
      _files -/
      return
    fi
    folder=(-C "\${(Q)words[3]}")
    at=4
  fi
  if (( CURRENT <= at )); then
    commands=(
${commands.map(({ name, description }) => `      ${pair(name, description)}`).join('\n')}
    )
    _describe 'command' commands
    return
  fi
  case $words[at] in
${commands.map(zshCase).join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe -o 'option' options
    return
  fi
  (( $#values )) && compadd -a values
  if [[ -n $takes ]]; then
    names=(\${(f)"$(command "\${(Q)words[1]}" $folder completion $takes 2>/dev/null)"})
    (( $#names )) && compadd -a names
  fi
}

if [ "$funcstack[1]" = "_upkeep" ]; then
  _upkeep "$@"
fi
`;
}

function zshCase({ name, options, names, words }: CommandSpec): string {
  const described = options.flatMap(({ flags, description }) => flags.map((flag) => pair(flag, description)));
  return `    ${name})
${valueCases(options)}      options=(
${described.map((each) => `        ${each}`).join('\n')}
      )
      takes=${names ?? "''"}
      values=(${words.map(quote).join(' ')})
      ;;`;
}

function valueCases(options: OptionSpec[]): string {
  const valued = options.filter(({ takesValue }) => takesValue);
  if (valued.length === 0) return '';
  const cases = valued.map(({ flags, values }) => {
    const offer = values.length === 0 ? '' : `values=(${values.map(quote).join(' ')}); compadd -a values; `;
    return `        ${flags.join('|')}) ${offer}return ;;\n`;
  });
  return `      case $words[CURRENT-1] in\n${cases.join('')}      esac\n`;
}

/** `name:description`, as _describe takes it. */
function pair(name: string, description: string): string {
  return quote(`${name.replaceAll(':', '\\:')}:${description}`);
}

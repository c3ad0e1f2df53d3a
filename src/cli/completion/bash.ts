/** For bash from 3.2 (the one of macOS): no associative arrays, no mapfile. */
import { quote } from '../../process/launch-script.ts';
import type { CommandSpec, OptionSpec } from './spec.ts';

export function bashScript(commands: CommandSpec[]): string {
  return `# Completion of upkeep for bash. To have it in every shell:
#   echo 'eval "$(upkeep completion bash)"' >> ~/.bashrc

_upkeep_offer() {
  local word typed=$cur at=$COMP_CWORD
  # bash splits words at ":" and "@" (COMP_WORDBREAKS); both may stand in a name, and "@" is what a group begins with.
  while ((at > 1)) && [[ \${COMP_WORDS[at]} == [:@] || \${COMP_WORDS[at-1]} == [:@] ]] &&
    [[ $COMP_LINE == *"\${COMP_WORDS[at-1]}$typed"* ]]; do
    at=$((at - 1))
    typed=\${COMP_WORDS[at]}$typed
  done
  # What is given back replaces what stands behind the ":", but the "@" with it (rl_special_prefixes of readline).
  local kept=\${typed%"\${typed##*[:@]}"}
  kept=\${kept%@}
  while IFS= read -r word; do
    [[ -n $word ]] || continue
    # Names may hold blanks, and are given back as they have to be typed.
    word=$(printf %q "$word")
    [[ $word == "$typed"* ]] && COMPREPLY+=("\${word#"$kept"}")
  done
}

_upkeep() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at=1 names='' options='' words=''
  local folder
  folder=()
  COMPREPLY=()
  if [[ \${COMP_WORDS[1]} == -C ]]; then
    if ((COMP_CWORD == 2)); then
      _upkeep_offer < <(compgen -d -- "$cur")
      return
    fi
    folder=(-C "\${COMP_WORDS[2]}")
    at=3
  fi
  if ((COMP_CWORD <= at)); then
    _upkeep_offer <<'UPKEEP'
${[...commands.map(({ name }) => name), '-C', '--help', '--version'].join('\n')}
UPKEEP
    return
  fi
  case \${COMP_WORDS[at]} in
${commands.map(bashCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    _upkeep_offer <<<"$options"
  else
    [[ -n $words ]] && _upkeep_offer <<<"$words"
    [[ -n $names ]] && _upkeep_offer < <("\${COMP_WORDS[0]}" \${folder[@]+"\${folder[@]}"} completion "$names" 2>/dev/null)
  fi
}

complete -F _upkeep upkeep
`;
}

function bashCase({ name, options, names, words }: CommandSpec): string {
  const flags = options.flatMap((option) => option.flags);
  return `    ${name})
${valueCases(options)}      options=${quote(flags.join('\n'))}
      names=${names ?? "''"}
      words=${quote(words.join('\n'))}
      ;;`;
}

/** After an option that takes a value come its values, or nothing. */
function valueCases(options: OptionSpec[]): string {
  const valued = options.filter(({ takesValue }) => takesValue);
  if (valued.length === 0) return '';
  const cases = valued.map(
    ({ flags, values }) =>
      `        ${flags.join('|')})${values.length === 0 ? '' : ` _upkeep_offer <<<${quote(values.join('\n'))};`} return ;;\n`,
  );
  return `      case $prev in\n${cases.join('')}      esac\n`;
}

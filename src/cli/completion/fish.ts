import type { CommandSpec, OptionSpec } from './spec.ts';

export function fishScript(commands: CommandSpec[]): string {
  return `# Completion of upkeep for fish. To have it in every shell:
#   upkeep completion fish > ~/.config/fish/completions/upkeep.fish

# The words after upkeep and -C FOLDER, without the one that is being typed.
function __upkeep_words
    set -l words (commandline -opc)
    set -e words[1]
    if test "$words[1]" = -C
        set -e words[1]
        set -q words[1]; and set -e words[1]
    end
    string join \\n -- $words
end

function __upkeep_needs_command
    set -l words (__upkeep_words)
    test -z "$words[1]"
end

function __upkeep_using
    set -l words (__upkeep_words)
    test "$words[1]" = $argv[1]
end

function __upkeep_names
    set -l words (commandline -opc)
    set -l folder
    if test "$words[2]" = -C; and set -q words[3]
        set folder -C $words[3]
    end
    command $words[1] $folder completion $argv[1] 2>/dev/null
end

complete -c upkeep -f
complete -c upkeep -n __upkeep_needs_command -s C -x -a '(__fish_complete_directories)' -d 'Workspace folder'
complete -c upkeep -n __upkeep_needs_command -l help -d 'Show help'
complete -c upkeep -n __upkeep_needs_command -l version -d 'Show version'
${commands.map(({ name, description }) => `complete -c upkeep -n __upkeep_needs_command -a ${name} -d ${fishQuote(description)}`).join('\n')}

${commands.map(ofCommand).join('\n\n')}
`;
}

function ofCommand({ name, options, names, words }: CommandSpec): string {
  const start = `complete -c upkeep -n '__upkeep_using ${name}'`;
  return [
    ...options.map((option) => `${start} ${optionWords(option)} -d ${fishQuote(option.description)}`),
    ...(names === null ? [] : [`${start} -a '(__upkeep_names ${names})'`]),
    ...(words.length === 0 ? [] : [`${start} -a ${fishQuote(words.join(' '))}`]),
  ].join('\n');
}

function optionWords({ flags, takesValue, values }: OptionSpec): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values.length === 0 ? [] : [`-a ${fishQuote(values.join(' '))}`];
  return [...names, ...(takesValue ? ['-x'] : []), ...value].join(' ');
}

/** In single quotes fish knows two escapes: of the quote and of the backslash. */
function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The services that a command concerns: shown by `--help`, read from `args._`. */
export const namesArg = {
  type: 'positional',
  required: false,
  description: 'names, globs or groups of services; all by default',
} as const;

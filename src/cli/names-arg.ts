/** The services that a command concerns: shown by `--help`, read from `args._`. */
export const namesArg = {
  type: 'positional',
  required: false,
  description: "names, globs or groups (@backend) of services, '!' before one for all but it; all by default",
} as const;

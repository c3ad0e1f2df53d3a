/** What `upkeep graph` was asked for, from the words on its command line. */
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { nearest } from '../../contract/nearest.ts';

export const FORMATS = ['tree', 'json', 'dot', 'mermaid'] as const;
export type Format = (typeof FORMATS)[number];

/** As typed. */
export interface GraphWords {
  names: string[];
  file?: string | undefined;
  format?: string | undefined;
  json?: boolean | undefined;
}

export interface GraphRequest {
  subject: { kind: 'all' } | { kind: 'service'; names: string[] } | { kind: 'file'; path: string };
  format: Format;
}

/** Throws UserError (usage). */
export function graphRequest(words: GraphWords): GraphRequest {
  const format = formatOf(words);
  const { names, file } = words;
  if (file === undefined)
    return { subject: names.length === 0 ? { kind: 'all' } : { kind: 'service', names }, format };
  if (names.length > 0)
    throw usage(
      '"upkeep graph" takes the name of a service or --file, not both.',
      `For example: upkeep graph --file ${file}`,
    );
  if (file === '')
    throw usage('--file needs the path of a file.', 'For example: upkeep graph --file src/db.js');
  return { subject: { kind: 'file', path: file }, format };
}

function formatOf({ format, json }: GraphWords): Format {
  if (format === undefined) return json === true ? 'json' : 'tree';
  const known = FORMATS.find((each) => each === format);
  if (known === undefined) {
    const meant = nearest(format, FORMATS);
    throw usage(
      `--format cannot be "${format}".`,
      meant === null ? `One of: ${FORMATS.join(', ')}.` : `Did you mean "${meant}"?`,
    );
  }
  if (json === true && known !== 'json')
    throw usage(`--json and --format ${known} both choose a form.`, 'Give one of them.');
  return known;
}

function usage(message: string, hint: string): UserError {
  return new UserError(ExitCode.usage, message, hint);
}

/** What a framework's trial needs to know of it. */
import type { LoadOptions } from '../rig/load.ts';
import type { RigService } from '../rig/rig.ts';

export interface Framework {
  readonly name: string;
  /** Of npm, whose version is shown; null: Node itself. */
  readonly package: string | null;
  /** As its documentation says; it gets its port as `PORT`. */
  readonly command: (port: number) => string;
  /** What that runs, where it is a script that says less. */
  readonly shown?: string;
  /** The whole project, in which `answer` is what it answers: the files by their paths. */
  readonly files: (answer: string, port: number) => Record<string, string>;
  /** The one of them that `answer` stands in. */
  readonly edited: string;
  /** Text of that file which must not take over; a syntax error unless given. */
  readonly broken?: string;
  readonly service?: Partial<RigService>;
  readonly load?: LoadOptions;
  /** The oldest Node that it runs on, where the oldest that Upkeep runs on is too old for it. */
  readonly node?: '20' | '22';
  /** It reloads itself when it is edited, and shows mistakes itself. */
  readonly ownReload?: true;
}

/** An answer between other words: `<h1>answer-1</h1>`. */
export const answerIn = (body: string) => /\banswer-\d+\b/.exec(body)?.[0] ?? body;

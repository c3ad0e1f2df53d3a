/** Which files services loaded, and whom an edit of a file concerns. Paths are relative to the workspace, absolute outside of it. */
import * as z from 'zod/mini';

const Exactness = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exact') }),
  z.object({ kind: z.literal('own-reload') }),
  z.object({ kind: z.literal('not-yet') }),
  /** `watch: false`. */
  z.object({ kind: z.literal('off') }),
  /** `reason`: words that follow "not exact: ". */
  z.object({ kind: z.literal('not-exact'), reason: z.string() }),
]);

export const LoadsOverview = z.object({
  workspace: z.string(),
  services: z.array(
    z.object({
      service: z.string(),
      /** The current or last run; null: none is kept. */
      run: z.nullable(z.number()),
      /** How many files it loaded; null: it has no report. */
      files: z.nullable(z.number()),
      exactness: Exactness,
    }),
  ),
  /** Files of more than one service, those of most services first. */
  shared: z.array(z.object({ file: z.string(), services: z.array(z.string()) })),
});
export type LoadsOverview = z.infer<typeof LoadsOverview>;

export const ServiceLoads = z.object({
  service: z.string(),
  run: z.nullable(z.number()),
  /** Whether its process lives. */
  alive: z.boolean(),
  exactness: Exactness,
  /** False: it loaded more than is kept account of. Null, here and below: the run has no report. */
  complete: z.nullable(z.boolean()),
  files: z.nullable(
    z.array(
      z.object({
        file: z.string(),
        loadedAt: z.string(),
        /** A process began with it. */
        entry: z.boolean(),
        /** Who asked for it: files, or packages by name. */
        parents: z.array(z.string()),
      }),
    ),
  ),
  /** What it asked for in vain. */
  missing: z.nullable(
    z.array(
      z.object({
        specifier: z.string(),
        parent: z.nullable(z.string()),
        candidates: z.array(z.string()),
      }),
    ),
  ),
  /** Read by `fs` and not watched, so that no edit of it restarts anything. */
  read: z.nullable(z.array(z.string())),
});
export type ServiceLoads = z.infer<typeof ServiceLoads>;

export const FileConcerns = z.object({
  file: z.string(),
  services: z.array(
    z.object({
      service: z.string(),
      run: z.nullable(z.number()),
      /** loaded: by its run; missing: asked for in vain; env: an env file of its; command: named by its command; watch: named by its `watch`; sources: among the sources that are watched where it cannot be told; packages: a manifest or lock file of its. */
      why: z.enum(['loaded', 'missing', 'env', 'command', 'watch', 'sources', 'packages']),
      /** The imports from an entry of the service to the file. */
      chain: z.nullable(z.array(z.string())),
      /** What an edit does. nothing: the service is not wanted up, or not watched, or leaves the file out. */
      effect: z.enum(['restart', 'nothing']),
      /** `ignore` of its `watch`, or a `!glob`, leaves the file out. */
      ignored: z.boolean(),
    }),
  ),
  /** Services that read it by `fs`: an edit does not restart them. */
  readBy: z.array(z.string()),
  /** Services of which it cannot be told. */
  unsure: z.array(z.object({ service: z.string(), exactness: Exactness })),
});
export type FileConcerns = z.infer<typeof FileConcerns>;

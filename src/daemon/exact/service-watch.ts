/**
 * What is watched for one service, and how exactly that is known:
 *
 *   begin ──► the command's files, and those that its runs load, line by line
 *               └─ the run has settled and told of none ──► its folder, by globs
 */
import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { ResolvedService } from '../../contract/config.ts';
import type { Watching } from '../../contract/facts.ts';
import { fallbackGlobs, goFiles, isGo, isKnownSilent, newGoFiles, whatRuns } from '../../languages/index.ts';
import { exactness, withBuilder } from '../../loads/index.ts';
import { commandFiles } from '../../platform/command-files.ts';
import { packageFiles } from '../../platform/package-files.ts';
import type { RunRecord } from '../../process/run-folder.ts';
import type { Watch } from '../../watch/index.ts';
import { RunLoads } from './run-loads.ts';
import { SameFiles } from './same-files.ts';

/** Ends the key of what is watched of a service's packages; no service is called so. */
const PACKAGES = '\0packages';
/** How long a ready run may take to tell of its first file, in ms. */
const PATIENCE = 10_000;

export interface ServiceWatchWorld {
  watch: Watch;
  /** Absolute path of the workspace. */
  root: string;
  /** Folder of the visible logs. */
  logDir(): string;
  /** The environment that services inherit. */
  env: NodeJS.ProcessEnv;
  /** Absolute path of a run's report. */
  reportOf(service: string, run: number): string;
  /** What a person sees of this service has changed. */
  onChange(): void;
}

export class ServiceWatch {
  readonly #spec: ResolvedService;
  readonly #world: ServiceWatchWorld;
  readonly #loads: RunLoads;
  #watching: Watching = { kind: 'not-yet' };
  #globs: string[];
  #sources: string[] = [];
  /** Manifests and lock files that changed since its run began, workspace-relative. */
  #packages: string[] = [];
  /** While a ready run may yet tell of its first file. */
  #patience: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** Its folder does not exist, as far as was looked. */
  #isMissing = false;
  readonly #logDir: string;
  readonly #same = new SameFiles();
  /** Epoch ms at which its run began, and was ready; undefined: none has, or is. */
  #begunAt: number | undefined;
  #trialBegunAt: number | undefined;
  #readyAt: number | undefined;
  /** Who waits until it is known how exactly the run is followed. */
  #undecided: (() => void)[] = [];

  /** `record`: the run that is there already, which an earlier daemon may have launched. */
  constructor(spec: ResolvedService, record: RunRecord | null, world: ServiceWatchWorld) {
    this.#spec = spec;
    this.#world = world;
    this.#loads = new RunLoads({
      watch: (file, at, onTrial, listing) => {
        world.watch.addFile(spec.name, file, at, onTrial, listing);
        if (this.#patience !== null) this.#judge('young');
      },
      unwatch: (file) => world.watch.removeFile(spec.name, file),
      unfollowed: () => this.#judge('settled'),
    });
    this.#globs = isKnownSilent(spec) ? fallbackGlobs(spec) : [];
    this.#logDir = world.logDir();
    // After a daemon crash the run is older than this moment: what was edited meanwhile counts.
    const since = record === null ? undefined : Math.floor(record.startedAt);
    this.#begunAt = since;
    this.#trialBegunAt = since;
    if (record !== null) this.#same.begin(dirname(world.reportOf(spec.name, record.run)));
    this.#set(since);
    const packages = { root: spec.cwd, include: [], ignore: [], quiet: null, files: packageFiles(spec.cwd) };
    world.watch.set(spec.name + PACKAGES, packages, since);
    if (record !== null) this.#follow(record.run);
  }

  /** Whether it would be made the same again. */
  isBy(spec: ResolvedService | undefined, logDir: string): boolean {
    return JSON.stringify(spec) === JSON.stringify(this.#spec) && logDir === this.#logDir;
  }

  get watching(): Watching {
    return this.#watching;
  }

  get notes(): string[] {
    const { name } = this.#spec;
    const changed =
      this.#packages.length === 0
        ? []
        : [
            `${this.#packages.join(', ')} changed since it started; "upkeep restart ${name}" runs it with what is installed now`,
          ];
    return this.#watching.kind === 'not-exact'
      ? [...changed, `edits are not followed exactly: ${this.#watching.reason}`]
      : changed;
  }

  /** A run was launched: what is on disk now is what it loads. `onTrial`: the one before it goes on. */
  launched(run: number, onTrial: boolean): void {
    const { name, cwd } = this.#spec;
    this.#world.watch.rebase(name, onTrial);
    this.#trialBegunAt = Date.now();
    if (onTrial) return this.#loads.begin(run, this.#world.reportOf(name, run), cwd, true);
    this.#forgetPackages();
    if (this.#isMissing) this.#set();
    this.#begunAt = this.#trialBegunAt;
    this.#readyAt = undefined;
    this.#same.begin(dirname(this.#world.reportOf(name, run)));
    this.#follow(run);
  }

  /** What a run on trial has loaded is known so far as it has told. */
  catchUp(): void {
    this.#loads.readNow();
  }

  /** The trial is over: its run counts from now on, or the one before it does as if nothing had been. */
  trialEnded(isKept: boolean): void {
    if (!isKept) return this.#loads.withdraw();
    this.#loads.keep();
    this.#begunAt = this.#trialBegunAt;
    this.#same.begin(dirname(this.#world.reportOf(this.#spec.name, this.#loads.run)));
    this.#forgetPackages();
    if (this.#watching.kind === 'exact') this.#watching = { kind: 'not-yet' };
    // It came in the place of a run that ended, and has been ready since.
    if (this.#loads.isSettled) this.#bePatient();
    this.#world.onChange();
  }

  /** What is known of a run has changed: whether it is ready, or has ended. */
  follow(record: RunRecord | null): void {
    if (record === null || record.run !== this.#loads.run) return;
    if (record.exit !== null) {
      this.#loads.end((record.endedAt ?? Date.now()) - (record.readyAt ?? 0));
      this.#judge('ended');
    } else if (record.readyAt !== null) {
      this.#readyAt = Math.floor(record.readyAt);
      if (this.#loads.settle()) this.#bePatient();
    }
  }

  /**
   * Resolves when it is known whether one of these files (absolute) concerns it: when a ready run has told what it loads,
   * or has had its time for that, and globs of its folder count.
   */
  decided(files: readonly string[]): Promise<void> {
    const isBelow = files.some((file) => file.startsWith(`${this.#spec.cwd}/`));
    if (this.#patience === null || !isBelow) return Promise.resolve();
    return new Promise((resolve) => this.#undecided.push(resolve));
  }

  /** Changed manifests and lock files (absolute). True when they are to restart the service. */
  packagesChanged(files: readonly string[]): boolean {
    if (this.#spec.watch.packages) return true;
    const names = files.map((file) => relative(this.#world.root, file));
    this.#packages = [...new Set([...this.#packages, ...names])];
    this.#world.onChange();
    return false;
  }

  /** Written after its run began, and as that has loaded it. */
  foundSame(file: string, content: string): void {
    this.#same.add(file, content);
  }

  chainTo(files: readonly string[]): Promise<string[] | null> {
    return this.#loads.chainTo(files);
  }

  close(): void {
    this.#isClosed = true;
    this.#endPatience();
    this.#loads.close();
    this.#world.watch.remove(this.#spec.name);
    this.#world.watch.remove(this.#spec.name + PACKAGES);
  }

  #endPatience(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    for (const resolve of this.#undecided.splice(0)) resolve();
  }

  #forgetPackages(): void {
    this.#world.watch.rebase(this.#spec.name + PACKAGES);
    this.#packages = [];
  }

  #follow(run: number): void {
    const { name, cwd } = this.#spec;
    this.#endPatience();
    this.#loads.begin(run, this.#world.reportOf(name, run), cwd);
    if (this.#watching.kind === 'exact') this.#watching = { kind: 'not-yet' };
    if (isGo(this.#spec)) void this.#askGo(run);
  }

  #bePatient(): void {
    this.#endPatience();
    this.#patience = setTimeout(() => this.#judge('settled'), PATIENCE).unref();
    this.#judge('young');
  }

  #judge(phase: 'young' | 'settled' | 'ended'): void {
    const { loaded } = this.#loads;
    const runs = withBuilder(whatRuns(this.#spec), loaded, this.#begunAt ?? Date.now());
    const verdict = exactness({ loaded, phase, ...runs, env: this.#spec.env });
    if (verdict.kind !== 'not-yet') this.#endPatience();
    if (this.#sources.length > 0 && verdict.kind !== 'exact') return;
    // A run that failed before it told anything says nothing of how its service is watched.
    if (phase === 'ended' && verdict.kind !== 'exact' && this.#watching.kind !== 'not-yet') return;
    // Of each run anew.
    if (verdict.kind === 'own-reload') this.#loads.letGo();
    if (JSON.stringify(verdict) === JSON.stringify(this.#watching)) return;
    this.#watching = verdict;
    const globs = verdict.kind === 'not-exact' ? fallbackGlobs(this.#spec, runs.builder !== null) : [];
    if (globs.join() !== this.#globs.join() || verdict.kind === 'own-reload') {
      this.#globs = globs;
      // What it wrote until it was ready is its own; what was saved since then is an edit, also one of before a crash.
      this.#set(this.#begunAt, this.#readyAt);
    }
    this.#world.onChange();
  }

  /** The toolchain knows what a Go program is built from. */
  async #askGo(run: number): Promise<void> {
    const { command, cwd, env } = this.#spec;
    const files = await goFiles(command, cwd, { ...this.#world.env, ...env });
    if (this.#isClosed || this.#loads.run !== run || files.length === 0) return;
    this.#sources = files;
    this.#globs = newGoFiles(files);
    this.#watching = { kind: 'exact' };
    // It takes its time: what was saved meanwhile is not in what the run was built from.
    this.#set(this.#begunAt);
    this.#world.onChange();
  }

  /** What its command names concerns it, unless it follows its sources itself. */
  #named(): string[] {
    return this.#watching.kind === 'own-reload' ? this.#spec.envFiles : commandFiles(this.#spec);
  }

  /** Rules replace rules: what was loaded is added to the new ones. `since` as of `Watch.set`, `readyAt` for globs. */
  #set(since?: number, readyAt?: number): void {
    const { watch, logDir } = this.#world;
    const { name, cwd, watch: asked } = this.#spec;
    // No run can begin there: whatever comes to be in it is worth a try.
    this.#isMissing = !existsSync(cwd);
    const anything = this.#isMissing ? ['**'] : [];
    watch.set(
      name,
      {
        files: [...this.#named(), ...this.#sources],
        root: cwd,
        include: [...asked.include, ...this.#globs, ...anything],
        includedSince: readyAt,
        same: this.#same.known,
        ignore: [...asked.ignore, logDir()],
        quiet: asked.quiet,
      },
      since,
    );
    const loaded = this.#loads.loaded;
    for (const file of this.#loads.files) {
      const at = loaded?.loadedAt(file) ?? undefined;
      watch.addFile(name, file, at, false, loaded?.listingOf(file));
    }
  }
}

/** The service whose packages this key stands for; null: it is a service's own. */
export function packagesOf(key: string): string | null {
  return key.endsWith(PACKAGES) ? key.slice(0, -PACKAGES.length) : null;
}

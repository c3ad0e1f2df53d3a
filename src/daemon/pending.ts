/** What is under way and has to be done before its owner may end. */
export class Pending {
  readonly #open = new Set<Promise<void>>();

  add(work: Promise<void>): void {
    this.#open.add(work);
    void work.then(() => this.#open.delete(work));
  }

  /** Resolves when all is done, also what is added meanwhile. */
  async settled(): Promise<void> {
    for (const work of this.#open) {
      await work;
      this.#open.delete(work);
    }
  }
}

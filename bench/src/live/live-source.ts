import type { ChangesOptions, DocumentSource, SourceChange } from "@binnacle/core";

/** A source that yields scripted changes. */
export class LiveSource implements DocumentSource {
  readonly id: string = "live";
  #changes: SourceChange[] = [];
  #wake: () => void = () => undefined;

  say(...changes: readonly SourceChange[]): void {
    this.#changes.push(...changes);
    this.#wake();
  }

  async *changes({ signal }: ChangesOptions): AsyncGenerator<SourceChange> {
    signal?.addEventListener("abort", () => this.#wake(), { once: true });
    for (;;) {
      signal?.throwIfAborted();
      const said = this.#changes;
      this.#changes = [];
      yield* said;
      if (this.#changes.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

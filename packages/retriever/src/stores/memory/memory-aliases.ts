import { BinnacleError, type Alias, type AliasAdmin, type CallOptions } from "@binnacle/core";
import { aliasMeant, aliasTaken, checkAlias, checkCollectionName } from "@binnacle/core/stores";

/** The parts of a store that aliases need. */
export interface MemoryAliasesParts {
  readonly hasCollection: (name: string) => boolean;
  /** Throws if the store is closed or the call is aborted. */
  readonly check: (options?: CallOptions) => void;
}

/** The aliases of a `MemoryStore`. */
export class MemoryAliases implements AliasAdmin {
  readonly #parts: MemoryAliasesParts;
  readonly #targets = new Map<string, string>();

  constructor(parts: MemoryAliasesParts) {
    this.#parts = parts;
  }

  /** Returns the collection that a name means. */
  resolve(name: string): string {
    return this.#targets.get(name) ?? name;
  }

  /** Deletes all aliases of a collection. */
  forget(collection: string): void {
    for (const [name, target] of this.#targets) if (target === collection) this.#targets.delete(name);
  }

  async list(options?: CallOptions): Promise<readonly Alias[]> {
    this.#parts.check(options);
    const aliases = Array.from(this.#targets, ([name, collection]) => ({ name, collection }));
    return aliases.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async set(alias: Alias, options?: CallOptions): Promise<string | undefined> {
    this.#parts.check(options);
    const { name, collection } = checkAlias("aliases.set", alias);
    const meant = this.#targets.get(collection);
    if (meant !== undefined) throw aliasMeant("aliases.set", { name: collection, collection: meant });
    if (!this.#parts.hasCollection(collection))
      throw new BinnacleError(
        "not_found",
        `Collection "${collection}" does not exist. Create it with ensureCollection.`,
      );
    if (this.#parts.hasCollection(name)) throw aliasTaken(name);
    const previous = this.#targets.get(name);
    this.#targets.set(name, collection);
    return previous;
  }

  async delete(name: string, options?: CallOptions): Promise<boolean> {
    this.#parts.check(options);
    checkCollectionName("aliases.delete", name);
    return this.#targets.delete(name);
  }
}

import type { CallOptions } from "./call-options.ts";

/** A second name of a collection. */
export interface Alias {
  /** Must match the pattern of {@link CollectionSpec.name}, and must not be the name of a collection. */
  readonly name: string;
  /** Name of the collection that the alias means. Never the name of another alias. */
  readonly collection: string;
}

/**
 * Manages aliases. Every call that takes the name of a collection also takes an alias, except
 * {@link VectorStore.deleteCollection} and the target of another alias. An alias lets readers move to another
 * collection in one step.
 */
export interface AliasAdmin {
  /** Returns all aliases, ordered by name. */
  list(options?: CallOptions): Promise<readonly Alias[]>;
  /**
   * Creates the alias, or switches it to another collection in one step: a reader sees the old collection or
   * the new one. Returns the previous collection, or undefined for a new alias. Rejects with code `not_found`
   * if the collection does not exist, and with `is_alias` if `collection` names an alias. Rejects with
   * `name_taken` if a collection has the alias's name. After a rejection the alias is unchanged. Every later
   * call of the same store object sees the switch. Other processes may read the previous collection for
   * another second.
   */
  set(alias: Alias, options?: CallOptions): Promise<string | undefined>;
  /** Deletes the alias and keeps the collection. Returns false if the alias did not exist. */
  delete(name: string, options?: CallOptions): Promise<boolean>;
}

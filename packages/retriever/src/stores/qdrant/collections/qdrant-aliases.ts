import type { Alias, AliasAdmin, CallOptions } from "@binnacle/core";
import { parseCallOptions } from "@binnacle/core/kit";
import {
  aliasMeant,
  aliasTaken,
  checkAlias,
  checkCollectionName,
  isCollectionName,
} from "@binnacle/core/stores";
import { z } from "zod";
import type { QdrantContext } from "../qdrant-context.ts";
import { foreignCollection, isConflict, noCollection } from "../wire/qdrant-error.ts";
import { readSpec } from "./collection-metadata.ts";

type AliasAction =
  | { readonly create_alias: { readonly alias_name: string; readonly collection_name: string } }
  | { readonly delete_alias: { readonly alias_name: string } };

/** The aliases of a Qdrant server. Names that this SDK does not accept are left out. */
export class QdrantAliases implements AliasAdmin {
  readonly #context: QdrantContext;

  constructor(context: QdrantContext) {
    this.#context = context;
  }

  async list(options?: CallOptions): Promise<readonly Alias[]> {
    this.#check(options);
    const found = await this.#context.collections.aliases.list(options);
    const aliases = Array.from(found, ([name, collection]) => ({ name, collection }));
    return aliases.filter(({ name }) => isCollectionName(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async set(alias: Alias, options?: CallOptions): Promise<string | undefined> {
    this.#check(options);
    const { name, collection } = checkAlias("aliases.set", alias);
    const { aliases } = this.#context.collections;
    const known = await aliases.list(options);
    await this.#checkTarget(collection, known, options);
    const previous = known.get(name);
    if (previous !== collection) {
      const create = { create_alias: { alias_name: name, collection_name: collection } };
      // One request, so that no other request of the server sees half of the change.
      const actions = previous === undefined ? [create] : [{ delete_alias: { alias_name: name } }, create];
      await this.#change(name, actions, options);
    }
    aliases.remember(name, collection);
    return previous;
  }

  async delete(name: string, options?: CallOptions): Promise<boolean> {
    this.#check(options);
    checkCollectionName("aliases.delete", name);
    const { aliases } = this.#context.collections;
    const existed = (await aliases.list(options)).has(name);
    if (existed) await this.#change(name, [{ delete_alias: { alias_name: name } }], options);
    aliases.forget(name);
    return existed;
  }

  /** Checks the target first, because the server deletes the old alias before it notices that the new
   * target is missing. */
  async #checkTarget(
    name: string,
    known: ReadonlyMap<string, string>,
    options: CallOptions | undefined,
  ): Promise<void> {
    const meant = known.get(name);
    if (meant !== undefined) throw aliasMeant("aliases.set", { name, collection: meant });
    const described = await this.#context.collections.describe(name, options);
    if (!described) throw noCollection(name);
    if (!readSpec(name, described.config.metadata)) throw foreignCollection(name);
  }

  async #change(
    name: string,
    actions: readonly AliasAction[],
    options: CallOptions | undefined,
  ): Promise<void> {
    const request = { method: "POST", path: "/collections/aliases", json: { actions } } as const;
    try {
      await this.#context.api.result(request, z.literal(true), options);
    } catch (error) {
      throw isConflict(error) ? aliasTaken(name) : error;
    }
  }

  #check(options: CallOptions | undefined): void {
    this.#context.check(parseCallOptions("QdrantStore", options));
  }
}

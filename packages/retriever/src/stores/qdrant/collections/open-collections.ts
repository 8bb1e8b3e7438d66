import { BinnacleError, UnsupportedError, type CallOptions } from "@binnacle/core";
import { z } from "zod";
import { AliasTargets } from "./alias-targets.ts";
import { readSpec, type StoredSpec } from "./collection-metadata.ts";
import type { ServerVersion } from "../server-version.ts";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { foreignCollection, noCollection } from "../wire/qdrant-error.ts";

const MAX_REMEMBERED = 1_000;

/** The parts of a collection's description that this driver reads. */
export const collectionInfoSchema: z.ZodObject<{
  status: z.ZodString;
  optimizer_status: z.ZodOptional<z.ZodUnknown>;
  payload_schema: z.ZodRecord<z.ZodString, z.ZodUnknown>;
  config: z.ZodObject<{
    metadata: z.ZodOptional<z.ZodUnknown>;
    params: z.ZodObject<{
      replication_factor: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
      write_consistency_factor: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    }>;
    optimizer_config: z.ZodOptional<
      z.ZodNullable<z.ZodObject<{ indexing_threshold: z.ZodOptional<z.ZodNullable<z.ZodNumber>> }>>
    >;
    quantization_config: z.ZodOptional<z.ZodUnknown>;
  }>;
}> = z.object({
  status: z.string(),
  optimizer_status: z.unknown().optional(),
  payload_schema: z.record(z.string(), z.unknown()),
  config: z.object({
    metadata: z.unknown().optional(),
    params: z.object({
      replication_factor: z.number().nullish(),
      write_consistency_factor: z.number().nullish(),
    }),
    optimizer_config: z.object({ indexing_threshold: z.number().nullish() }).nullish(),
    quantization_config: z.unknown().optional(),
  }),
});

/** The description of a collection, as the server returns it. */
export type CollectionDescription = z.output<typeof collectionInfoSchema>;

/** A collection of this SDK, with the facts that calls need. */
export interface OpenCollection extends StoredSpec {
  /** True if each shard has more than one copy. */
  readonly replicated: boolean;
  /** True if every copy confirms a write. Only then an epoch that one copy returns is valid for all
   * copies. */
  readonly hasEpochs: boolean;
  readonly quantized: boolean;
}

/** A description and the name of its collection, which may differ from the requested alias. */
export interface FoundCollection {
  readonly name: string;
  readonly description: CollectionDescription;
  /** Undefined if this SDK did not create the collection. */
  readonly stored: StoredSpec | undefined;
}

/** Reads the facts about collections from the server once and remembers them. */
export class OpenCollections {
  readonly aliases: AliasTargets;
  readonly #api: QdrantApi;
  readonly #version: ServerVersion;
  readonly #known = new Map<string, OpenCollection>();

  constructor(api: QdrantApi, version: ServerVersion) {
    this.#api = api;
    this.#version = version;
    this.aliases = new AliasTargets(api);
  }

  /** Returns the names of the collections that were used last. */
  get names(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** Returns the collection of a name or alias. Rejects with code `not_found` if it does not exist. */
  async open(name: string, options?: CallOptions): Promise<OpenCollection> {
    const target = await this.#target(name, options);
    const known = this.#known.get(target);
    if (known) return known;
    const hasTenantIdf = await this.#version.hasTenantIdf(options);
    const found = await this.find(target, options);
    if (!found) throw noCollection(name);
    if (!found.stored) throw foreignCollection(name);
    const collection = opened(found.stored, found.description);
    checkIdf(collection, hasTenantIdf);
    return this.remember(collection);
  }

  /** Reads the collection of a name or alias. Returns undefined if it does not exist. */
  async find(name: string, options?: CallOptions): Promise<FoundCollection | undefined> {
    const found = await this.#describe(name, options);
    if (!found || found.stored === undefined || found.stored.recordedName === name) return found;
    const target = await this.aliases.ask(name, options);
    if (target === undefined) return found;
    // Read by the target's name, because the alias may have been switched since.
    return this.#describe(target, options);
  }

  async #describe(name: string, options?: CallOptions): Promise<FoundCollection | undefined> {
    const description = await this.describe(name, options);
    return description && { name, description, stored: readSpec(name, description.config.metadata) };
  }

  /** Returns the name to open. For a known alias that is its target, which is read again if it may have
   * changed. */
  async #target(name: string, options?: CallOptions): Promise<string> {
    if (!this.aliases.has(name)) return name;
    return this.aliases.trusted(name) ?? (await this.aliases.ask(name, options)) ?? name;
  }

  /** Returns the description, or undefined if the collection does not exist. */
  async describe(name: string, options?: CallOptions): Promise<CollectionDescription | undefined> {
    const request = { path: collectionPath(name), collection: name };
    try {
      return await this.#api.result(request, collectionInfoSchema, options);
    } catch (error) {
      if (BinnacleError.isInstance(error) && error.code === "not_found") return undefined;
      throw error;
    }
  }

  /** Remembers a collection. */
  remember(collection: OpenCollection): OpenCollection {
    const { name } = collection.spec;
    this.#known.delete(name);
    this.#known.set(name, collection);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return collection;
  }

  /** Forgets the collection, so that the next call reads it again. */
  forget(name: string): void {
    this.#known.delete(name);
    this.aliases.forget(name);
    this.aliases.forgetTarget(name);
  }
}

/** Returns the facts of a description that calls need. */
export function opened(stored: StoredSpec, { config }: CollectionDescription): OpenCollection {
  const replicas = config.params.replication_factor ?? 1;
  return {
    ...stored,
    replicated: replicas > 1,
    hasEpochs: (config.params.write_consistency_factor ?? 1) >= replicas,
    quantized: config.quantization_config !== undefined && config.quantization_config !== null,
  };
}

/** Throws an `UnsupportedError` if the server cannot count terms as the spec requires. */
function checkIdf({ spec }: OpenCollection, hasTenantIdf: boolean): void {
  if (hasTenantIdf || spec.tenancy === "none" || spec.sparse?.idf !== "bm25") return;
  if (spec.sparse.idfScope === "collection") return;
  throw new UnsupportedError(
    `Collection "${spec.name}" counts IDF within each tenant, which requires Qdrant 1.19. Upgrade the server.`,
    { capability: "idfScopes" },
  );
}

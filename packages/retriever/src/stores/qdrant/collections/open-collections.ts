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
  optimizer_status: z.ZodUnknown;
  payload_schema: z.ZodRecord<z.ZodString, z.ZodUnknown>;
  config: z.ZodObject<{
    metadata: z.ZodUnknown;
    params: z.ZodObject<{
      replication_factor: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
      write_consistency_factor: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    }>;
    optimizer_config: z.ZodOptional<
      z.ZodNullable<z.ZodObject<{ indexing_threshold: z.ZodOptional<z.ZodNullable<z.ZodNumber>> }>>
    >;
    quantization_config: z.ZodUnknown;
  }>;
}> = z.object({
  status: z.string(),
  optimizer_status: z.unknown(),
  payload_schema: z.record(z.string(), z.unknown()),
  config: z.object({
    metadata: z.unknown(),
    params: z.object({
      replication_factor: z.number().nullish(),
      write_consistency_factor: z.number().nullish(),
    }),
    optimizer_config: z.object({ indexing_threshold: z.number().nullish() }).nullish(),
    quantization_config: z.unknown(),
  }),
});

/** A collection's description. */
export type CollectionDescription = z.output<typeof collectionInfoSchema>;

/** A collection of this SDK, as far as calls need to know it. */
export interface OpenCollection extends StoredSpec {
  /** More than one copy of each shard. */
  readonly replicated: boolean;
  /** Whether every copy confirms a write; only then an epoch read from any copy speaks of all of them. */
  readonly hasEpochs: boolean;
  readonly quantized: boolean;
}

/** A description with the name of the collection, which an alias may have meant. */
export interface FoundCollection {
  readonly name: string;
  readonly description: CollectionDescription;
  /** Undefined if this SDK did not create the collection. */
  readonly stored: StoredSpec | undefined;
}

/** What collections are, read from the server once and remembered. */
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

  /** Names of the collections that were used last. */
  get names(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** The collection that a name or an alias means, or a `not_found` error. */
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

  /** Reads what a name or an alias means; undefined if there is no such collection. */
  async find(name: string, options?: CallOptions): Promise<FoundCollection | undefined> {
    const found = await this.#describe(name, options);
    if (!found || found.stored === undefined || found.stored.recordedName === name) return found;
    const target = await this.aliases.ask(name, options);
    if (target === undefined) return found;
    // Read by the target's name, because the alias may have been switched in between.
    return this.#describe(target, options);
  }

  async #describe(name: string, options?: CallOptions): Promise<FoundCollection | undefined> {
    const description = await this.describe(name, options);
    return description && { name, description, stored: readSpec(name, description.config.metadata) };
  }

  /** The name to open: for an alias that was used before, its target, asked again if it may have changed. */
  async #target(name: string, options?: CallOptions): Promise<string> {
    if (!this.aliases.has(name)) return name;
    return this.aliases.trusted(name) ?? (await this.aliases.ask(name, options)) ?? name;
  }

  /** The description; undefined if there is no such collection. */
  async describe(name: string, options?: CallOptions): Promise<CollectionDescription | undefined> {
    const request = { path: collectionPath(name), collection: name };
    try {
      return await this.#api.result(request, collectionInfoSchema, options);
    } catch (error) {
      if (BinnacleError.isInstance(error) && error.code === "not_found") return undefined;
      throw error;
    }
  }

  /** Keeps what the collection is. */
  remember(collection: OpenCollection): OpenCollection {
    const { name } = collection.spec;
    this.#known.delete(name);
    this.#known.set(name, collection);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return collection;
  }

  /** Asks the server again next time. */
  forget(name: string): void {
    this.#known.delete(name);
    this.aliases.forget(name);
    this.aliases.forgetTarget(name);
  }
}

/** What calls need of a description. */
export function opened(stored: StoredSpec, { config }: CollectionDescription): OpenCollection {
  const replicas = config.params.replication_factor ?? 1;
  return {
    ...stored,
    replicated: replicas > 1,
    hasEpochs: (config.params.write_consistency_factor ?? 1) >= replicas,
    quantized: config.quantization_config !== undefined && config.quantization_config !== null,
  };
}

/** Throws unless the server can keep the collection's statistics as its spec says. */
function checkIdf({ spec }: OpenCollection, hasTenantIdf: boolean): void {
  if (hasTenantIdf || spec.tenancy === "none" || spec.sparse?.idf !== "bm25") return;
  if (spec.sparse.idfScope === "collection") return;
  throw new UnsupportedError(
    `collection "${spec.name}" counts IDF within each tenant, which needs Qdrant 1.19; upgrade the server`,
    { capability: "idfScopes" },
  );
}

import {
  type CallOptions,
  type Collection,
  type CollectionSpec,
  type Metadata,
  type StoredChunk,
  type StoredPoint,
  type TenantBinding,
  type VectorStore,
  type Write,
} from "@binnacle/core";
import { createSingleFlight, pointId, type SingleFlight } from "@binnacle/core/kit";
import { createHash } from "node:crypto";

/** Options of {@link Records}. */
export interface RecordsOptions {
  readonly store: VectorStore;
  /** Name of the collection. */
  readonly collection: string;
  /** Names what the records are. Part of their ids. */
  readonly source: string;
  readonly tenant?: string | undefined;
  /** Returns the spec of the collection. Called on first use, because it may ask the model. */
  readonly spec: (options: CallOptions) => Promise<Omit<CollectionSpec, "name">>;
}

/** A record to write. */
export interface RecordWrite {
  /** Name of the record. Equal keys are one record. */
  readonly key: string;
  readonly text: string;
  readonly metadata: Metadata;
  readonly dense: Float32Array;
  /** {@link Write.ifVersion} */
  readonly ifVersion?: number | undefined;
}

/** Keeps records as points of a collection, which is created on first use. */
export class Records {
  readonly #options: RecordsOptions;
  readonly #binding: TenantBinding | undefined;
  readonly #opening: SingleFlight<CollectionSpec> = createSingleFlight("records");
  #spec: CollectionSpec | undefined;

  constructor(options: RecordsOptions) {
    this.#options = options;
    this.#binding = options.tenant === undefined ? undefined : { tenant: options.tenant };
  }

  /** Returns the collection, and creates it if it is missing. A failure is not kept. */
  async open(
    options: CallOptions,
  ): Promise<{ readonly collection: Collection; readonly spec: CollectionSpec }> {
    // Callers share the creation, so one caller's signal must not end it for the others.
    const create = (signal: AbortSignal): Promise<CollectionSpec> =>
      this.#ensure({ ...options, signal, deadlineAt: undefined });
    const spec = (this.#spec ??= await this.#opening.run("", create, options));
    return { collection: this.#collection, spec };
  }

  /** Returns the id of the record with this key. */
  idOf(key: string): string {
    return pointId({
      tenant: this.#options.tenant,
      sourceId: this.#options.source,
      documentId: key,
      slot: 0,
    });
  }

  /** Returns the record with this key, with its vector. */
  async get(key: string, options: CallOptions): Promise<StoredPoint | undefined> {
    const { collection } = await this.open(options);
    const [point] = await collection.get([this.idOf(key)], { ...options, includeVectors: true });
    return point;
  }

  /** Writes a record. Returns false if its version is not the expected one, and throws for any other failure. */
  async put(record: RecordWrite, options: CallOptions): Promise<boolean> {
    const { collection, spec } = await this.open(options);
    const write: Write = {
      type: "upsert",
      id: this.idOf(record.key),
      chunk: chunkOf(this.#options.source, record, spec.dense?.spaceId),
      metadata: record.metadata,
      dense: record.dense,
      ifVersion: record.ifVersion,
    };
    const { failures } = await collection.write([write], options);
    const failure = failures.get(0);
    if (failure === undefined) return true;
    if (failure.code === "version_conflict") return false;
    throw failure;
  }

  /**
   * Deletes the records that match, and returns their number. Needs no spec, so that records can be deleted
   * after the model changed.
   */
  async deleteWhere(filter: { readonly [field: string]: string }, options: CallOptions): Promise<number> {
    const { store, collection: name } = this.#options;
    if ((await store.describeCollection(name, options)) === undefined) return 0;
    return this.#collection.deleteWhere({ filter }, options);
  }

  get #collection(): Collection {
    return this.#options.store.collection(this.#options.collection, this.#binding);
  }

  async #ensure(options: CallOptions): Promise<CollectionSpec> {
    const { store, collection: name, spec, tenant } = this.#options;
    const wanted = { ...(await spec(options)), name };
    await store.ensureCollection(tenant === undefined ? wanted : { ...wanted, tenancy: "required" }, options);
    return wanted;
  }
}

function chunkOf(sourceId: string, { key, text }: RecordWrite, spaceId: string | undefined): StoredChunk {
  const wellFormed = text.toWellFormed();
  return {
    sourceId,
    documentId: key,
    slot: 0,
    index: 0,
    start: 0,
    end: wellFormed.length,
    text: wellFormed,
    context: "",
    tokens: 0,
    path: [],
    contentHash: createHash("sha256").update(wellFormed).digest("hex"),
    spaceId,
    documentVersion: "1",
    mediaType: "text/plain",
  };
}

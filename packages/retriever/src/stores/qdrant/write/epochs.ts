import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import { sentinelId } from "../wire/point-ids.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import type { Sentinel } from "./epoch-chain.ts";

const MAX_REMEMBERED = 10_000;
const schema = z.array(z.object({ payload: z.record(z.string(), z.string()) }));

/** The sentinels of one collection, as this store knows them. Bounded: the oldest are read again. */
export type KnownSentinels = Map<string, Sentinel>;

/** The epochs of a tenant, or of a collection without tenants. */
export class Epochs {
  readonly id: string;
  readonly #api: QdrantApi;
  readonly #name: string;
  readonly #key: string;
  readonly #sentinels: KnownSentinels;

  constructor(api: QdrantApi, name: string, tenant: string | undefined, sentinels: KnownSentinels) {
    this.id = sentinelId(tenant);
    this.#api = api;
    this.#name = name;
    this.#key = `${name}/${this.id}`;
    this.#sentinels = sentinels;
  }

  /** The key of these epochs within the store. */
  get key(): string {
    return this.#key;
  }

  /** Returns the sentinel as this store last read or wrote it. */
  async known(options?: CallOptions): Promise<Sentinel> {
    return this.#sentinels.get(this.#key) ?? (await this.read(options));
  }

  /** Reads the sentinel. Returns an empty object if it does not exist yet. */
  async read(options?: CallOptions): Promise<Sentinel> {
    const request = {
      method: "POST",
      path: collectionPath(this.#name, "/points"),
      json: { ids: [this.id], with_payload: true, with_vector: false },
      collection: this.#name,
    } as const;
    const [record] = await this.#api.result(request, schema, options);
    return this.remember(record?.payload ?? {});
  }

  remember(sentinel: Sentinel): Sentinel {
    this.#sentinels.delete(this.#key);
    this.#sentinels.set(this.#key, sentinel);
    const [oldest] = this.#sentinels.keys();
    if (this.#sentinels.size > MAX_REMEMBERED && oldest !== undefined) this.#sentinels.delete(oldest);
    return sentinel;
  }

  /** Forgets the sentinel after a write whose outcome is unknown. */
  forget(): void {
    this.#sentinels.delete(this.#key);
  }
}

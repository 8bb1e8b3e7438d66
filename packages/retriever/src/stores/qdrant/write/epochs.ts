import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import { sentinelId } from "../wire/point-ids.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import type { Sentinel } from "./epoch-chain.ts";

const MAX_REMEMBERED = 10_000;
const schema = z.array(z.object({ payload: z.record(z.string(), z.string()) }));

/** What the sentinels of one collection hold, as far as this store knows. Bounded: the oldest are read again. */
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

  /** Names these epochs among those of the store. */
  get key(): string {
    return this.#key;
  }

  /** What the sentinel held when this store last read or wrote it. */
  async known(options?: CallOptions): Promise<Sentinel> {
    return this.#sentinels.get(this.#key) ?? (await this.read(options));
  }

  /** What the sentinel holds now; nothing if there is none yet. */
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

  /** After a write whose outcome is unknown. */
  forget(): void {
    this.#sentinels.delete(this.#key);
  }
}

import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import type { QdrantApi } from "../wire/qdrant-api.ts";

const MAX_REMEMBERED = 1_000;
/** How long a target is trusted. Another process may switch an alias, and no answer of the server shows it. */
const TRUSTED_MS = 1_000;

const schema = z.object({
  aliases: z.array(z.object({ alias_name: z.string(), collection_name: z.string() })),
});

/** The collections that aliases mean, asked again every second. */
export class AliasTargets {
  readonly #api: QdrantApi;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly target: string; readonly until: number }>();

  constructor(api: QdrantApi, now: () => number = Date.now) {
    this.#api = api;
    this.#now = now;
  }

  /** All aliases of the server, by name. */
  async list(options?: CallOptions): Promise<ReadonlyMap<string, string>> {
    const { aliases } = await this.#api.result({ path: "/aliases" }, schema, options);
    return new Map(aliases.map((alias) => [alias.alias_name, alias.collection_name]));
  }

  /** Asks the server for the target; undefined if the name is no alias. */
  async ask(name: string, options?: CallOptions): Promise<string | undefined> {
    const target = (await this.list(options)).get(name);
    if (target === undefined) this.forget(name);
    else this.remember(name, target);
    return target;
  }

  /** True if the name was an alias when it was used last. */
  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** The target if it may still be trusted. */
  trusted(name: string): string | undefined {
    const known = this.#known.get(name);
    return known && known.until > this.#now() ? known.target : undefined;
  }

  /** Keeps what the server said, or what it was told. */
  remember(name: string, target: string): void {
    this.#known.delete(name);
    this.#known.set(name, { target, until: this.#now() + TRUSTED_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Asks the server again next time. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  /** Asks again for every alias of a collection. */
  forgetTarget(collection: string): void {
    for (const [name, { target }] of this.#known) if (target === collection) this.#known.delete(name);
  }
}

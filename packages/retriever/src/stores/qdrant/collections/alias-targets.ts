import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import type { QdrantApi } from "../wire/qdrant-api.ts";

const MAX_REMEMBERED = 1_000;
/** Milliseconds during which a target is trusted. Another process may switch an alias, and no response of
 * the server shows it. */
const TRUSTED_MS = 1_000;

const schema = z.object({
  aliases: z.array(z.object({ alias_name: z.string(), collection_name: z.string() })),
});

/** The targets of aliases, read again every second. */
export class AliasTargets {
  readonly #api: QdrantApi;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly target: string; readonly until: number }>();

  constructor(api: QdrantApi, now: () => number = Date.now) {
    this.#api = api;
    this.#now = now;
  }

  /** Returns all aliases of the server, by name. */
  async list(options?: CallOptions): Promise<ReadonlyMap<string, string>> {
    const { aliases } = await this.#api.result({ path: "/aliases" }, schema, options);
    return new Map(aliases.map((alias) => [alias.alias_name, alias.collection_name]));
  }

  /** Reads the target from the server. Returns undefined if the name is not an alias. */
  async ask(name: string, options?: CallOptions): Promise<string | undefined> {
    const target = (await this.list(options)).get(name);
    if (target === undefined) this.forget(name);
    else this.remember(name, target);
    return target;
  }

  /** Returns true if the name was an alias at its last use. */
  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** Returns the target if it may still be trusted. */
  trusted(name: string): string | undefined {
    const known = this.#known.get(name);
    return known && known.until > this.#now() ? known.target : undefined;
  }

  /** Remembers a target. */
  remember(name: string, target: string): void {
    this.#known.delete(name);
    this.#known.set(name, { target, until: this.#now() + TRUSTED_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Forgets the target, so that the next call reads it again. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  /** Forgets every alias of a collection. */
  forgetTarget(collection: string): void {
    for (const [name, { target }] of this.#known) if (target === collection) this.#known.delete(name);
  }
}

import type { Alias, AliasAdmin, CallOptions } from "@binnacle/core";
import { parseCallOptions } from "@binnacle/core/kit";
import { checkAlias, checkCollectionName } from "@binnacle/core/stores";
import type { WorkerClient } from "./channel/worker-client.ts";

/** The aliases of a `SqliteStore`, in the same file as its collections. */
export class SqliteAliases implements AliasAdmin {
  readonly #client: WorkerClient;

  constructor(client: WorkerClient) {
    this.#client = client;
  }

  async list(options?: CallOptions): Promise<readonly Alias[]> {
    this.#check(options);
    return this.#client.call({ method: "listAliases", params: {} }, options);
  }

  async set(alias: Alias, options?: CallOptions): Promise<string | undefined> {
    this.#check(options);
    const params = { alias: checkAlias("aliases.set", alias) };
    return this.#client.call({ method: "setAlias", params }, options);
  }

  async delete(name: string, options?: CallOptions): Promise<boolean> {
    this.#check(options);
    checkCollectionName("aliases.delete", name);
    return this.#client.call({ method: "deleteAlias", params: { name } }, options);
  }

  #check(options: CallOptions | undefined): void {
    this.#client.check(parseCallOptions("SqliteStore", options));
  }
}

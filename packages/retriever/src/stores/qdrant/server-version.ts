import { UnsupportedError, type CallOptions } from "@binnacle/core";
import { z } from "zod";
import type { QdrantApi } from "./wire/qdrant-api.ts";
import { parseResponse } from "@binnacle/core/kit";

const FLOOR = 18;
const TENANT_IDF_SINCE = 19;
const schema = z.object({ title: z.string().regex(/qdrant/i), version: z.string() });

/** The version of the server, which is requested once. */
export class ServerVersion {
  readonly #api: QdrantApi;
  #version: string | undefined;

  constructor(api: QdrantApi) {
    this.#api = api;
  }

  /** Returns true if the server can count IDF within a tenant. Throws an `UnsupportedError` if it is below
   * 1.18. */
  async hasTenantIdf(options?: CallOptions): Promise<boolean> {
    return minorOf(await this.check(options)) >= TENANT_IDF_SINCE;
  }

  /** Returns the version. Throws an `UnsupportedError` if it is below 1.18. */
  async check(options?: CallOptions): Promise<string> {
    const version = (this.#version ??= await this.ask(options));
    if (minorOf(version) >= FLOOR) return version;
    this.#version = undefined; // so that an upgrade of the server is noticed
    throw new UnsupportedError(
      `QdrantStore: the server is Qdrant ${version}, but version 1.${FLOOR} or newer is required, because older versions cannot make a write depend on the stored point. Upgrade it one minor version at a time.`,
      { capability: `qdrant >= 1.${FLOOR}` },
    );
  }

  /** Requests the version. */
  async ask(options?: CallOptions): Promise<string> {
    const read = (value: unknown) => parseResponse("GET /", schema, value).version;
    return this.#api.answer({ path: "/" }, read, options);
  }
}

/** Returns the minor version of 1.x. A later major version counts as infinite. */
function minorOf(version: string): number {
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 ? Infinity : Number(major) === 1 ? Number(minor) : 0;
}

import { randomUUID } from "node:crypto";
import type { CollectionInfo } from "@binnacle/core";
import { checkTenancy, compareSpecs, type ResolvedSpec } from "@binnacle/core/stores";
import type { MemoryBudget } from "./memory-budget.ts";
import { MemoryPartition } from "./memory-partition.ts";

/** One collection: its spec, and its points by tenant. */
export class MemoryCollectionState {
  readonly incarnation: string = randomUUID();
  readonly #budget: MemoryBudget;
  readonly #partitions = new Map<string | undefined, MemoryPartition>();
  #spec: ResolvedSpec;

  constructor(spec: ResolvedSpec, budget: MemoryBudget) {
    this.#spec = spec;
    this.#budget = budget;
  }

  get spec(): ResolvedSpec {
    return this.#spec;
  }

  /** Returns a copy that the caller may keep. */
  get info(): CollectionInfo {
    const { dense, sparse, fields, ...rest } = this.#spec;
    return {
      ...rest,
      ...(dense && { dense: { ...dense } }),
      ...(sparse && { sparse: { ...sparse } }),
      fields: { ...fields },
      incarnation: this.incarnation,
    };
  }

  /** Adds new fields. Throws a `ConfigurationError` if the collection does not match the spec. */
  ensure(asked: ResolvedSpec): void {
    this.#spec = compareSpecs(this.#spec, asked);
  }

  /** Returns the tenant's points. A partition that is only read is not remembered, so that reads cannot
   * fill the memory. */
  partition(tenant: string | undefined, use: "read" | "write"): MemoryPartition {
    checkTenancy(this.#spec, tenant);
    const known = this.#partitions.get(tenant);
    if (known) return known;
    const partition = new MemoryPartition(this.#spec, this.#budget);
    if (use === "write") this.#partitions.set(tenant, partition);
    return partition;
  }

  /** Releases the bytes of every point. */
  release(): void {
    for (const partition of this.#partitions.values()) partition.release();
  }
}

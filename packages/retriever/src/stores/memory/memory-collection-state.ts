import { randomUUID } from "node:crypto";
import type { CollectionInfo } from "@binnacle/core";
import { checkTenancy, compareSpecs, type ResolvedSpec } from "@binnacle/core/stores";
import type { MemoryBudget } from "./memory-budget.ts";
import { MemoryPartition } from "./memory-partition.ts";

/** One collection: what it is, and its points by tenant. */
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

  /** A copy that the caller may keep. */
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

  /** Checks that the collection is what was asked for, and adds fields that are new. */
  ensure(asked: ResolvedSpec): void {
    this.#spec = compareSpecs(this.#spec, asked);
  }

  /** The tenant's points. One that was only read is not remembered, so that questions cannot fill the memory. */
  partition(tenant: string | undefined, use: "read" | "write"): MemoryPartition {
    checkTenancy(this.#spec, tenant);
    const known = this.#partitions.get(tenant);
    if (known) return known;
    const partition = new MemoryPartition(this.#spec, this.#budget);
    if (use === "write") this.#partitions.set(tenant, partition);
    return partition;
  }

  /** Gives back what every point took. */
  release(): void {
    for (const partition of this.#partitions.values()) partition.release();
  }
}

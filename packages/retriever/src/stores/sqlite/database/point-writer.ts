import type { BinnacleError, Fence, Patch, Upsert, Write } from "@binnacle/core";
import { type SelectorPlan, newVersion, sourceIssue, versionIssue, writeIssue } from "@binnacle/core/stores";
import { readChunk, readMetadata } from "../point-json.ts";
import type { CollectionTable } from "./collection-table.ts";
import type { Partition } from "./partition.ts";
import type { FenceTable } from "./fence-table.ts";
import type { KnownPoint, PointTable } from "./point-table.ts";
import type { RemovalTable } from "./removal-table.ts";

/** The tables that a write touches. */
export interface WrittenTables {
  readonly collections: CollectionTable;
  readonly points: PointTable;
  readonly removals: RemovalTable;
  readonly fences: FenceTable;
}

/** Changes the points of a partition and its epoch. Runs inside one write transaction. */
export class PointWriter {
  readonly #tables: WrittenTables;

  constructor(tables: WrittenTables) {
    this.#tables = tables;
  }

  /** Applies the writes in order. Returns the errors of writes that were not applied, by position. */
  write(
    partition: Partition,
    batch: readonly Write[],
    fence: Fence | undefined,
  ): readonly (readonly [number, BinnacleError])[] {
    this.#tables.fences.admit(partition, fence);
    const failures = batch.flatMap((write, position): [number, BinnacleError][] => {
      const issue = this.#apply(partition, write, fence);
      return issue ? [[position, issue]] : [];
    });
    if (failures.length < batch.length) {
      const hasRemovals = batch.some((write) => write.type === "delete");
      this.#advance(partition, hasRemovals, fence);
    }
    return failures;
  }

  /** Removes the selected points and returns their number. */
  deleteWhere(partition: Partition, plan: SelectorPlan, fence: Fence | undefined): number {
    this.#tables.fences.admit(partition, fence);
    const chosen = this.#tables.points.select(partition, plan);
    for (const { id, point } of chosen) this.#delete(partition, id, point);
    if (chosen.length > 0) this.#advance(partition, true, fence);
    return chosen.length;
  }

  /** Checks the write before it changes anything, so that a refused write has no effect. */
  #apply(partition: Partition, write: Write, fence: Fence | undefined): BinnacleError | undefined {
    const issue = writeIssue(write, partition.collection.spec);
    if (issue) return issue;
    const known = this.#tables.points.find(partition, write.id);
    const conflict = sourceIssue(write, fence, known?.sourceId) ?? versionIssue(write, known?.version ?? 0);
    if (conflict) return conflict;
    switch (write.type) {
      case "upsert":
        this.#upsert(partition, write, known);
        return undefined;
      case "patch":
        return known && this.#patch(partition, write, known);
      case "delete":
        if (known) this.#delete(partition, write.id, known.point);
        return undefined;
      default:
        return write satisfies never;
    }
  }

  #upsert(partition: Partition, write: Upsert, known: KnownPoint | undefined): void {
    const { id, chunk, metadata, dense, sparse } = write;
    const content = { id, version: newVersion(), sequence: partition.sequence + 1, chunk, metadata };
    if (known) this.#tables.points.update(known.point, content);
    const point = known?.point ?? this.#tables.points.insert(partition, content);
    this.#tables.points.setVectors(point, dense, sparse);
  }

  #patch(partition: Partition, write: Patch, known: KnownPoint): undefined {
    const stored = this.#tables.points.content(partition, { point: known.point, id: write.id });
    if (stored === undefined) return;
    this.#tables.points.update(known.point, {
      id: write.id,
      version: newVersion(),
      sequence: partition.sequence + 1,
      chunk: { ...readChunk(stored.chunk), ...write.chunk },
      metadata: write.metadata ?? readMetadata(stored.metadata),
    });
  }

  #delete(partition: Partition, id: string, point: number): void {
    this.#tables.points.remove(point);
    this.#tables.removals.add(partition, partition.sequence + 1, id);
  }

  #advance(partition: Partition, hasRemovals: boolean, fence: Fence | undefined): void {
    const { collections, removals, fences } = this.#tables;
    const forgotten = hasRemovals ? removals.trim(partition) : partition.forgotten;
    const sequence = partition.sequence + 1;
    const state = collections.advance(partition, { sequence, forgotten, isFenced: fence !== undefined });
    if (fence) fences.written(partition, fence, state);
  }
}

import type { BinnacleError, Fence, Patch, StoredChunk, Upsert, Write } from "@binnacle/core";
import {
  type SelectorPlan,
  type ResolvedSpec,
  checkFence,
  copyMetadata,
  newVersion,
  sourceIssue,
  versionIssue,
  writeIssue,
} from "@binnacle/core/stores";
import { CollectionIndex } from "../shared/collection-index.ts";
import type { IndexedPoint } from "../shared/indexed-point.ts";
import { DocumentIds } from "./document-ids.ts";
import { pointBytes, vectorBytes, type MemoryBudget } from "./memory-budget.ts";

/** The fields that the store keeps for a point besides those of the index. */
export interface MemoryPayload {
  readonly chunk: StoredChunk;
  /** Bytes of the whole point, and the part of them that the vectors take. */
  readonly bytes: number;
  readonly vectorBytes: number;
}

/** A point as the index holds it. */
export interface MemoryPoint extends IndexedPoint {
  readonly version: number;
  readonly sourceId: string;
  readonly documentId: string;
  /** Position of the chunk in its document. */
  readonly index: number;
  readonly payload: MemoryPayload;
}

/** The points of one tenant, or all of a collection without tenants. */
export class MemoryPartition {
  readonly index: CollectionIndex<MemoryPoint>;
  readonly #budget: MemoryBudget;
  readonly #documents = new DocumentIds();
  readonly #fences = new Map<string, number>();
  readonly #fencedChanges = new Map<string, number>();
  #changes = 0;
  #unfencedChanges = 0;

  constructor(spec: ResolvedSpec, budget: MemoryBudget) {
    this.index = new CollectionIndex(spec);
    this.#budget = budget;
  }

  /** Returns a token that changes with every call that changes the source, or the partition if there is no
   * source. */
  epoch(sourceId: string | undefined): string {
    if (sourceId === undefined) return String(this.#changes);
    return `${this.#unfencedChanges}/${this.#fencedChanges.get(sourceId) ?? 0}`;
  }

  /** Remembers the fence's token. Throws a `FencedError` if the token is too low. */
  admit(fence: Fence | undefined): void {
    if (!fence) return;
    checkFence(fence, this.#fences.get(fence.sourceId));
    this.#fences.set(fence.sourceId, fence.token);
  }

  /** Applies the writes in order. Returns the errors of writes that were not applied, by position. */
  write(
    batch: readonly Write[],
    spec: ResolvedSpec,
    fence: Fence | undefined,
  ): ReadonlyMap<number, BinnacleError> {
    const failures = new Map<number, BinnacleError>();
    for (const [position, write] of batch.entries()) {
      const issue = this.#apply(write, spec, fence);
      if (issue) failures.set(position, issue);
    }
    if (failures.size < batch.length) this.#advance(fence);
    return failures;
  }

  /** Returns the selected points, in any order. */
  chosen({ documentId, test }: SelectorPlan): readonly MemoryPoint[] {
    if (documentId === undefined) return this.index.points(test);
    const points = [...this.#documents.of(documentId)].flatMap((id) => this.index.get(id) ?? []);
    return test ? points.filter(test) : points;
  }

  /** Removes the selected points and returns their number. */
  deleteWhere(selector: SelectorPlan, fence: Fence | undefined): number {
    const chosen = this.chosen(selector);
    for (const point of chosen) this.#remove(point.id);
    if (chosen.length > 0) this.#advance(fence);
    return chosen.length;
  }

  /** Releases the bytes of every point. */
  release(): void {
    for (const point of this.index.points()) this.#remove(point.id);
  }

  #advance(fence: Fence | undefined): void {
    this.#changes += 1;
    if (fence) this.#fencedChanges.set(fence.sourceId, this.#changes);
    else this.#unfencedChanges = this.#changes;
  }

  #apply(write: Write, spec: ResolvedSpec, fence: Fence | undefined): BinnacleError | undefined {
    const invalid = writeIssue(write, spec);
    if (invalid) return invalid;
    const current = this.index.get(write.id);
    const issue = sourceIssue(write, fence, current?.sourceId) ?? versionIssue(write, current?.version ?? 0);
    if (issue) return issue;
    switch (write.type) {
      case "upsert":
        return this.#upsert(write, current);
      case "patch":
        return current && this.#patch(write, current);
      case "delete":
        return this.#remove(write.id);
      default:
        return write satisfies never;
    }
  }

  #upsert(
    { id, chunk, metadata, dense, sparse }: Upsert,
    current: MemoryPoint | undefined,
  ): BinnacleError | undefined {
    const vectors = { dense, sparse };
    const point = newPoint({ id, chunk, metadata: copyMetadata(metadata) }, vectorBytes(vectors));
    const full = this.#budget.replace(current?.payload.bytes ?? 0, point.payload.bytes);
    if (full) return full;
    this.index.put(point, vectors);
    this.#enter(point, current);
    return undefined;
  }

  #patch(write: Patch, current: MemoryPoint): BinnacleError | undefined {
    const { id } = write;
    const chunk = { ...current.payload.chunk, ...write.chunk };
    const metadata = write.metadata ? copyMetadata(write.metadata) : current.metadata;
    const point = newPoint({ id, chunk, metadata }, current.payload.vectorBytes);
    const full = this.#budget.replace(current.payload.bytes, point.payload.bytes);
    if (full) return full;
    this.index.patch(point);
    this.#enter(point, current);
    return undefined;
  }

  #enter(point: MemoryPoint, before: MemoryPoint | undefined): void {
    if (before) this.#documents.remove(before.documentId, point.id);
    this.#documents.add(point.documentId, point.id);
  }

  #remove(id: string): undefined {
    const current = this.index.get(id);
    if (!current) return;
    this.#budget.replace(current.payload.bytes, 0);
    this.#documents.remove(current.documentId, id);
    this.index.remove(id);
  }
}

function newPoint(
  { id, chunk: given, metadata }: Pick<Upsert, "id" | "chunk" | "metadata">,
  takenByVectors: number,
): MemoryPoint {
  const chunk = copyChunk(given);
  const { sourceId, documentId, index } = chunk;
  const bytes = pointBytes(chunk, metadata) + takenByVectors;
  const payload = { chunk, bytes, vectorBytes: takenByVectors };
  return { id, version: newVersion(), sourceId, documentId, index, metadata, payload };
}

/** Returns a copy that shares no objects with the original. */
export function copyChunk(chunk: StoredChunk): StoredChunk {
  const { observed } = chunk;
  return { ...chunk, path: [...chunk.path], ...(observed && { observed: copyMetadata(observed) }) };
}

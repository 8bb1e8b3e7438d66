import type { Collection, ScanOptions, Upsert } from "../../spec/collection.ts";
import type { CollectionSpec } from "../../spec/collection-spec.ts";
import type { Filter } from "../../spec/filter.ts";
import type { Metadata } from "../../spec/metadata.ts";
import type { Leg } from "../../spec/search.ts";
import type { SparseVector } from "../../spec/sparse-encoder.ts";
import type { StoredChunk } from "../../spec/stored-chunk.ts";
import type { VectorStore } from "../../spec/vector-store.ts";

/** One promise of a store: its name and its check. */
export type StorePromise = readonly [name: string, body: (store: VectorStore) => Promise<void>];

/** A collection that every store can hold. */
export const DOCS: CollectionSpec = {
  name: "docs",
  dense: { spaceId: "space", dimensions: 3 },
  fields: { kind: "keyword", year: "integer" },
};

/** Returns the id of the n-th point. Ids ascend with n. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** Returns the n of an id. */
export function numberOf(id: string): number {
  return Number.parseInt(id.slice(24), 16);
}

/** Returns the n of each point or hit. */
export function numbersOf(points: readonly { readonly id: string }[]): readonly number[] {
  return points.map(({ id }) => numberOf(id));
}

/** Returns a sparse vector from terms and weights. */
export function sparse(terms: Readonly<Record<number, number>>): SparseVector {
  const entries = Object.entries(terms).map(([term, weight]) => [Number(term), weight] as const);
  return {
    indices: Uint32Array.from(entries, ([term]) => term),
    values: Float32Array.from(entries, ([, weight]) => weight),
  };
}

/** The fields of a point that a test sets. Other fields have defaults. */
export interface PointDraft {
  readonly dense?: readonly number[] | undefined;
  readonly metadata?: Metadata | undefined;
  readonly chunk?: Partial<StoredChunk> | undefined;
  readonly ifVersion?: number | undefined;
}

/** Returns the chunk of the n-th point. */
export function chunkOf(n: number): StoredChunk {
  return {
    sourceId: "source",
    documentId: `document-${n}`,
    slot: 0,
    index: 0,
    start: 0,
    end: 10,
    text: `passage ${n}`,
    context: "Chapter",
    tokens: 2,
    path: ["Chapter", `Part ${n}`],
    contentHash: `hash-${n}`,
    spaceId: "space",
    documentVersion: "v1",
    mediaType: "text/plain",
  };
}

/** Returns a whole point for {@link DOCS}. */
export function upsert(n: number, draft: PointDraft = {}): Upsert {
  return {
    type: "upsert",
    id: idOf(n),
    chunk: { ...chunkOf(n), ...draft.chunk },
    metadata: draft.metadata ?? { kind: "guide", year: 2000 + n },
    dense: Float32Array.from(draft.dense ?? [1, n, 0]),
    ...(draft.ifVersion !== undefined && { ifVersion: draft.ifVersion }),
  };
}

/** Returns a whole point for a collection with dense and sparse vectors. */
export function hybridUpsert(n: number, terms: SparseVector, draft: PointDraft = {}): Upsert {
  const { chunk, ...point } = upsert(n, draft);
  return { ...point, chunk: { encoderId: "encoder", ...chunk }, sparse: terms };
}

/** Returns a point for a collection with only sparse vectors. */
export function sparseUpsert(
  n: number,
  terms: Readonly<Record<number, number>>,
  metadata: Metadata = {},
): Upsert {
  const { spaceId: _, ...rest } = chunkOf(n);
  const chunk = { ...rest, encoderId: "encoder" };
  return { type: "upsert", id: idOf(n), chunk, metadata, sparse: sparse(terms) };
}

/** Returns a dense leg. */
export function denseLeg(numbers: readonly number[], limits: Pick<Leg, "limit" | "minScore"> = {}): Leg {
  return { dense: Float32Array.from(numbers), ...limits };
}

/** Returns a sparse leg. */
export function sparseLeg(
  terms: Readonly<Record<number, number>>,
  limits: Pick<Leg, "limit" | "minScore"> = {},
): Leg {
  return { sparse: sparse(terms), ...limits };
}

/** Creates {@link DOCS}, with changes, and returns a handle. */
export async function docs(store: VectorStore, changes: Partial<CollectionSpec> = {}): Promise<Collection> {
  const spec = { ...DOCS, ...changes };
  await store.ensureCollection(spec);
  return store.collection(spec.name);
}

/** Scans the selected points and returns their n in ascending order. */
export async function scanned(collection: Collection, options?: ScanOptions): Promise<readonly number[]> {
  return numbersOf(await collect(collection.scan(options))).toSorted((a, b) => a - b);
}

/** Returns all items of an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** Returns a filter that the compiler has not checked. */
export function outsideFilter(json: string): Filter {
  const filter: Filter = JSON.parse(json);
  return filter;
}

/** Returns a matcher for `assert.rejects` by error code. */
export function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Error && "code" in error && error.code === code;
}

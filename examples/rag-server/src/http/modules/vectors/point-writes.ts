import { createHash } from "node:crypto";
import {
  BinnacleError,
  type CollectionInfo,
  type Embedder,
  type SparseEncoder,
  type SparseVector,
  type StoredChunk,
  type Upsert,
} from "@binnacle/core";
import { createWordPieceEstimate } from "../../../word-piece-estimate.ts";
import type { Calls } from "../shared/calls.ts";
import { embedTexts } from "../shared/embed-texts.ts";
import { apiSource, pointOf } from "../shared/point-names.ts";
import type { NewPoint } from "./vector-schemas.ts";

/** The collection that points are made for, and the parts that make their vectors. */
export interface PointSpace {
  readonly info: CollectionInfo;
  readonly tenant: string | undefined;
  readonly embedder: Embedder | undefined;
  readonly sparse: SparseEncoder | undefined;
}

/** A point with its id. */
export interface NamedPoint extends NewPoint {
  readonly id: string;
}

/** Makes writes of points. Each outcome is a write, or the error of its point. */
export async function pointWrites(
  points: readonly NamedPoint[],
  space: PointSpace,
  calls: Calls,
): Promise<readonly (Upsert | BinnacleError)[]> {
  const [dense, sparse] = await Promise.all([
    denseVectors(points, space, calls),
    sparseVectors(points, space, calls),
  ]);
  return points.map((point, i) => {
    const vector = dense[i];
    if (BinnacleError.isInstance(vector)) return vector;
    const write: Upsert = {
      type: "upsert",
      id: pointOf(point.id, space.tenant),
      chunk: chunkOf(point, space.info),
      metadata: point.metadata ?? {},
      ...(point.expected_version === undefined ? {} : { ifVersion: point.expected_version }),
      ...(vector === undefined ? {} : { dense: vector }),
      ...(space.info.sparse === undefined ? {} : { sparse: sparse[i] }),
    };
    return write;
  });
}

async function denseVectors(
  points: readonly NamedPoint[],
  { info, embedder }: PointSpace,
  { model }: Calls,
): Promise<readonly (Float32Array | BinnacleError | undefined)[]> {
  const given = points.map(({ vector }) => vector && Float32Array.from(vector));
  if (info.dense === undefined) return given;
  const texts = points.flatMap(({ vector, text = "" }) => (vector || text === "" ? [] : [text]));
  const made = (await embedTexts({ texts, role: "document", embedder, info }, model)).values();
  return points.map(({ text = "" }, i) => given[i] ?? (text === "" ? nothing() : made.next().value));
}

function nothing(): BinnacleError {
  return new BinnacleError("invalid_vector", "the point has neither a vector nor a text; send one of them");
}

async function sparseVectors(
  points: readonly NamedPoint[],
  { info, sparse }: PointSpace,
  { model }: Calls,
): Promise<readonly SparseVector[]> {
  if (info.sparse === undefined || sparse === undefined) return [];
  return await sparse.encode(
    points.map(({ text = "" }) => text),
    { ...model, role: "document" },
  );
}

function chunkOf({ id, text = "", title }: NamedPoint, info: CollectionInfo): StoredChunk {
  const contentHash = createHash("sha256").update(text, "utf8").digest("hex");
  return {
    sourceId: apiSource,
    documentId: id,
    slot: 0,
    index: 0,
    start: 0,
    end: text.length,
    text,
    context: "",
    tokens: createWordPieceEstimate().count(text),
    path: [],
    contentHash,
    documentVersion: contentHash,
    mediaType: "text/plain",
    ...(title === undefined ? {} : { title }),
    ...(info.dense && { spaceId: info.dense.spaceId }),
    ...(info.sparse && { encoderId: info.sparse.encoderId }),
  };
}

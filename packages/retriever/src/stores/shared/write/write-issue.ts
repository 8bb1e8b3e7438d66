import { BinnacleError, type StoredChunk, type Upsert, type Write } from "@binnacle/core";
import { denseVectorIssue, sparseVectorIssue } from "@binnacle/core/kit";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";
import { metadataIssue } from "./metadata-issue.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What vectors depend on. */
const FIXED = ["contentHash", "spaceId", "encoderId"] as const;

/** Whether a string is a point's id: a UUID in lower case, so that every store orders ids alike. */
export function isPointId(id: string): boolean {
  return UUID.test(id);
}

/** Why a write cannot be applied whatever is stored, or undefined if it may. */
export function writeIssue(write: Write, spec: ResolvedSpec): BinnacleError | undefined {
  if (!isPointId(write.id))
    return new BinnacleError(
      "invalid_id",
      `a point's id is a UUID in lower case, see pointId; got ${JSON.stringify(write.id)}`,
    );
  switch (write.type) {
    case "delete":
      return undefined;
    case "patch":
      return patchIssue(write.chunk) ?? (write.metadata && metadataIssue(write.metadata, spec.fields));
    case "upsert":
      return (
        chunkIssue(write.chunk) ??
        spaceIssue(write.chunk, spec) ??
        vectorIssue(write, spec) ??
        metadataIssue(write.metadata, spec.fields)
      );
    default:
      return write satisfies never;
  }
}

/** Why a write cannot be applied to a point of this version, or undefined if it can; 0 means there is no such point. */
export function versionIssue(write: Write, version: number): BinnacleError | undefined {
  if (write.ifVersion !== undefined && write.ifVersion !== version) {
    const found = version === 0 ? "is not there" : `has version ${version}`;
    return new BinnacleError(
      "version_conflict",
      `point ${write.id} ${found}, the write is for version ${write.ifVersion}; read it again`,
    );
  }
  if (write.type === "patch" && version === 0)
    return new BinnacleError("not_found", `there is no point ${write.id} to patch`);
  return undefined;
}

function patchIssue(chunk: Partial<StoredChunk> = {}): BinnacleError | undefined {
  const fixed = FIXED.filter((key) => Object.hasOwn(chunk, key));
  if (fixed.length === 0) return chunkIssue(chunk);
  return new BinnacleError(
    "invalid_chunk",
    `${fixed.join(", ")} cannot be patched, because vectors depend on it; upsert the point`,
  );
}

function chunkIssue(chunk: Partial<StoredChunk>): BinnacleError | undefined {
  for (const [key, value] of Object.entries(chunk)) {
    const strings = Array.isArray(value) ? value : [value];
    if (strings.some((text) => typeof text === "string" && !text.isWellFormed()))
      return new BinnacleError(
        "invalid_chunk",
        `chunk.${key} holds half of a surrogate pair; use toWellFormed()`,
      );
    if (typeof value === "number" && !isCount(value))
      return new BinnacleError("invalid_chunk", `chunk.${key} is a whole number from 0, got ${value}`);
  }
  return undefined;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function spaceIssue(chunk: StoredChunk, spec: ResolvedSpec): BinnacleError | undefined {
  const problems = [
    mismatch("spaceId", spec.dense?.spaceId, chunk.spaceId),
    mismatch("encoderId", spec.sparse?.encoderId, chunk.encoderId),
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0) return undefined;
  return new BinnacleError("wrong_space", `${problems.join("; ")}; index with the collection's own models`);
}

function mismatch(name: string, expected: string | undefined, got: string | undefined): string | undefined {
  if (expected === got) return undefined;
  return `chunk.${name} is ${got ?? "missing"} where the collection has ${expected ?? "none"}`;
}

function vectorIssue({ dense, sparse }: Upsert, spec: ResolvedSpec): BinnacleError | undefined {
  return (
    presenceIssue("dense", dense, spec.dense) ??
    presenceIssue("sparse", sparse, spec.sparse) ??
    (dense && spec.dense && denseVectorIssue(dense, spec.dense.dimensions)) ??
    (sparse && sparseVectorIssue(sparse))
  );
}

function presenceIssue(kind: string, vector: unknown, wanted: unknown): BinnacleError | undefined {
  if ((vector === undefined) === (wanted === undefined)) return undefined;
  const message = wanted
    ? `the collection requires a ${kind} vector`
    : `the collection takes no ${kind} vector`;
  return new BinnacleError("invalid_vector", message);
}

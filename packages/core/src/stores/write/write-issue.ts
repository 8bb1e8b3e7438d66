import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { Patch, Upsert, Write } from "../../spec/collection.ts";
import type { MetadataFields } from "../../spec/metadata.ts";
import type { StoredChunk } from "../../spec/stored-chunk.ts";
import { denseVectorIssue, sparseVectorIssue } from "../../kit/vectors.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";
import { chunkIssue } from "./chunk-issue.ts";
import { metadataIssue } from "./metadata-issue.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The fields that vectors depend on. */
const FIXED = ["contentHash", "spaceId", "encoderId"] as const;

/** Says whether a value is a point's id: a UUID in lower case, so that every store orders ids alike. */
export function isPointId(id: unknown): id is string {
  return typeof id === "string" && UUID.test(id);
}

/** Why a write cannot be stored anywhere, as far as that shows without knowing the collection; undefined if it may. Such
 * a write must not travel: on its way to another thread it would lose what is wrong with it, or take others down. */
export function shapeIssue(write: Write, fields: MetadataFields = {}): BinnacleError | undefined {
  if (!isPointId(write.id))
    return new BinnacleError(
      "invalid_id",
      `a point's id is a UUID in lower case, see pointId; got ${describeValue(write.id)}`,
    );
  switch (write.type) {
    case "delete":
      return undefined;
    case "patch":
      return (
        patchIssue(write.chunk) ??
        (write.metadata === undefined ? undefined : metadataIssue(write.metadata, fields))
      );
    case "upsert":
      return chunkIssue(write.chunk, "whole") ?? numbersIssue(write) ?? metadataIssue(write.metadata, fields);
    default:
      return unknownType(write);
  }
}

/** Why a write cannot be applied whatever is stored, or undefined if it may. The shape comes first, as it does where the
 * two are asked in different threads: of several faults every store names the same. */
export function writeIssue(write: Write, spec: ResolvedSpec): BinnacleError | undefined {
  const issue = shapeIssue(write, spec.fields);
  if (issue || write.type !== "upsert") return issue;
  return spaceIssue(write.chunk, spec) ?? vectorIssue(write, spec);
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

function patchIssue(chunk: Patch["chunk"] = {}): BinnacleError | undefined {
  const issue = chunkIssue(chunk, "part");
  const fixed = issue ? [] : FIXED.filter((key) => Object.hasOwn(chunk, key));
  if (fixed.length === 0) return issue;
  return new BinnacleError(
    "invalid_chunk",
    `${fixed.join(", ")} cannot be patched, because vectors depend on it; upsert the point`,
  );
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

function numbersIssue({ dense, sparse }: Pick<Upsert, "dense" | "sparse">): BinnacleError | undefined {
  if (dense !== undefined && !isListOf(isNumber, dense))
    return new BinnacleError("invalid_vector", "a dense vector is a Float32Array");
  if (sparse === undefined) return undefined;
  if (isObject(sparse) && isListOf(isIndex, sparse.indices) && isListOf(isNumber, sparse.values))
    return undefined;
  return new BinnacleError(
    "invalid_vector",
    "a sparse vector has indices, a Uint32Array, and values, a Float32Array",
  );
}

/** Says whether a value, which may come from plain JavaScript, can become a typed array of such numbers. */
function isListOf(isOne: (value: unknown) => boolean, value: unknown): boolean {
  if (value instanceof Float32Array) return isOne === isNumber;
  return value instanceof Uint32Array || (isList(value) && Array.from(value).every(isOne));
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isIndex(value: unknown): boolean {
  return typeof value === "number" && value >>> 0 === value;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function unknownType(write: never): BinnacleError {
  const { type }: { readonly type?: unknown } = write;
  return new BinnacleError(
    "invalid_write",
    `a write is an upsert, a patch or a delete, got ${describeValue(type)}`,
  );
}

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
/** Fields that describe the vectors. */
const FIXED = ["contentHash", "imageHash", "spaceId", "encoderId"] as const;

/** Returns true for a lower-case UUID. Other ids are refused, so that every store orders ids alike. */
export function isPointId(id: unknown): id is string {
  return typeof id === "string" && UUID.test(id);
}

/** The fields of each type of write. */
const FIELDS: Readonly<Record<Write["type"], readonly string[]>> = {
  upsert: ["type", "id", "ifVersion", "chunk", "metadata", "dense", "sparse"],
  patch: ["type", "id", "ifVersion", "chunk", "metadata"],
  delete: ["type", "id", "ifVersion"],
};

/** Returns an error if no collection can store the write. Check it before a write is sent to another thread:
 * on the way it could lose the invalid value, or make other writes fail. */
export function shapeIssue(write: Write, fields: MetadataFields = {}): BinnacleError | undefined {
  if (!isObject(write) || Array.isArray(write))
    return invalidWrite(`A write must be an object with \`type\` and \`id\`, got ${describeValue(write)}.`);
  if (!isPointId(write.id))
    return new BinnacleError(
      "invalid_id",
      `A point's \`id\` must be a lower-case UUID, got ${describeValue(write.id)}. Create it with pointId().`,
    );
  const issue = fieldIssue(write);
  if (issue) return issue;
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
      return write satisfies never;
  }
}

/** Returns an error if the collection cannot apply the write, whatever it holds. It checks the shape first,
 * so that all stores report the same one of several faults. */
export function writeIssue(write: Write, spec: ResolvedSpec): BinnacleError | undefined {
  const issue = shapeIssue(write, spec.fields);
  if (issue || write.type !== "upsert") return issue;
  return spaceIssue(write.chunk, spec) ?? vectorIssue(write, spec);
}

/** Returns an error if the write cannot be applied to a point of this version. Version 0 means that the point
 * does not exist. */
export function versionIssue(write: Write, version: number): BinnacleError | undefined {
  if (write.ifVersion !== undefined && write.ifVersion !== version) {
    const found = version === 0 ? "does not exist" : `has version ${version}`;
    return new BinnacleError(
      "version_conflict",
      `Point ${write.id} ${found}, but the write expects version ${write.ifVersion}. Read the point again.`,
    );
  }
  if (write.type === "patch" && version === 0)
    return new BinnacleError("not_found", `Point ${write.id} does not exist. Upsert it instead of a patch.`);
  return undefined;
}

function fieldIssue(write: Write): BinnacleError | undefined {
  if (!Object.hasOwn(FIELDS, write.type)) return unknownType(write);
  const allowed = FIELDS[write.type];
  const unknown = Object.keys(write).find((key) => !allowed.includes(key));
  if (unknown !== undefined)
    return invalidWrite(`\`${unknown}\` is not a field of a write of type "${write.type}". Omit it.`);
  const { ifVersion } = write;
  if (ifVersion === undefined || (Number.isSafeInteger(ifVersion) && ifVersion >= 0)) return undefined;
  return invalidWrite(
    `\`ifVersion\` must be the version of a stored point, or 0, got ${describeValue(ifVersion)}. Read the point.`,
  );
}

function patchIssue(chunk: Patch["chunk"] = {}): BinnacleError | undefined {
  const issue = chunkIssue(chunk, "part");
  const fixed = issue ? [] : FIXED.filter((key) => Object.hasOwn(chunk, key));
  if (fixed.length === 0) return issue;
  return new BinnacleError(
    "invalid_chunk",
    `${fixed.join(", ")} cannot be patched, because the vectors depend on it. Upsert the point.`,
  );
}

function spaceIssue(chunk: StoredChunk, spec: ResolvedSpec): BinnacleError | undefined {
  const problems = [
    mismatch("spaceId", spec.dense?.spaceId, chunk.spaceId),
    mismatch("encoderId", spec.sparse?.encoderId, chunk.encoderId),
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0) return undefined;
  return new BinnacleError("wrong_space", `${problems.join("; ")}. Index with the collection's own models.`);
}

function mismatch(name: string, expected: string | undefined, got: string | undefined): string | undefined {
  if (expected === got) return undefined;
  return `\`chunk.${name}\` is ${got ?? "missing"}, but the collection has ${expected ?? "none"}`;
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
    ? `The collection requires \`${kind}\`, but the write has no such vector.`
    : `The collection has no ${kind} vectors. Omit \`${kind}\`.`;
  return new BinnacleError("invalid_vector", message);
}

function numbersIssue({ dense, sparse }: Pick<Upsert, "dense" | "sparse">): BinnacleError | undefined {
  if (dense !== undefined && !isListOf(isNumber, dense))
    return new BinnacleError("invalid_vector", "`dense` must be a Float32Array.");
  if (sparse === undefined) return undefined;
  if (isObject(sparse) && isListOf(isIndex, sparse.indices) && isListOf(isNumber, sparse.values))
    return undefined;
  return new BinnacleError(
    "invalid_vector",
    "`sparse` must have `indices`, a Uint32Array, and `values`, a Float32Array.",
  );
}

/** Returns true if a value, which may come from plain JavaScript, can become a typed array of such
 * numbers. */
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

function unknownType({ type }: Write): BinnacleError {
  return invalidWrite(`\`type\` must be "upsert", "patch" or "delete", got ${describeValue(type)}.`);
}

function invalidWrite(message: string): BinnacleError {
  return new BinnacleError("invalid_write", message);
}

import type { Metadata, MetadataFields, Patch, StoredChunk } from "@binnacle/core";
import { isPlainObject, parseResponse } from "@binnacle/core/kit";
import { copyMetadata } from "@binnacle/core/stores";
import { z } from "zod";
import { metadataPayload } from "./metadata-payload.ts";
import { EXACT_METADATA, LOGICAL_ID, METADATA, NORM, TENANT, VERSION } from "./payload-keys.ts";

/** A payload on the wire. */
export type Payload = Readonly<Record<string, unknown>>;

/** The fields of a point's payload besides its chunk and metadata. */
export interface PointFacts {
  readonly version: number;
  /** The tenant and the id that it knows. Undefined in a collection without tenants. */
  readonly owner: { readonly tenant: string; readonly id: string } | undefined;
  /** Length of the dense vector before it was normalized. */
  readonly norm: number | undefined;
}

/** Returns the payload of a whole point. */
export function pointPayload(
  chunk: StoredChunk,
  metadata: Metadata,
  fields: MetadataFields,
  { version, owner, norm }: PointFacts,
): Payload {
  return {
    ...present({ ...chunkPayload(chunk), ...metadataPayload(metadata, fields) }),
    [VERSION]: version,
    ...(owner && { [TENANT]: owner.tenant, [LOGICAL_ID]: owner.id }),
    ...(norm !== undefined && { [NORM]: norm }),
  };
}

/** Returns the part of a payload that a patch replaces. */
export function patchPayload(
  chunk: Patch["chunk"],
  metadata: Metadata | undefined,
  fields: MetadataFields,
  version: number,
): Payload {
  return {
    ...chunkPayload(chunk ?? {}),
    ...(metadata && metadataPayload(metadata, fields)),
    [VERSION]: version,
  };
}

/** A point as its payload describes it. */
export interface ReadPayload {
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: Metadata;
  readonly norm: number | undefined;
  /** The id that the tenant knows. Undefined in a collection without tenants. */
  readonly id: string | undefined;
  readonly tenant: string | undefined;
}

const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
// Not z.record, because it skips a key `__proto__`.
const metadata = z.custom<Metadata>(isPlainObject, "expected an object");

const schema = z.object({
  sourceId: z.string(),
  documentId: z.string(),
  slot: z.number(),
  index: z.number(),
  start: z.number(),
  end: z.number(),
  text: z.string(),
  context: z.string(),
  tokens: z.number(),
  path: z.array(z.string()),
  contentHash: z.string(),
  imageHash: optional,
  spaceId: optional,
  encoderId: optional,
  documentVersion: z.string(),
  mediaType: z.string(),
  title: optional,
  uri: optional,
  observed: optional,
  [METADATA]: metadata,
  [EXACT_METADATA]: optional,
  [VERSION]: z.int().positive(),
  [NORM]: z.number().optional(),
  [TENANT]: z.string().optional(),
  [LOGICAL_ID]: z.string().optional(),
});

/** Reads a payload. Throws an `InvalidResponseError` if this driver did not write the point. */
export function readPayload(payload: unknown): ReadPayload {
  const {
    [METADATA]: stored,
    [EXACT_METADATA]: exact,
    [VERSION]: version,
    [NORM]: norm,
    [TENANT]: tenant,
    [LOGICAL_ID]: id,
    observed,
    ...chunk
  } = parseResponse("a point's payload", schema, payload);
  return {
    version,
    norm,
    tenant,
    id,
    chunk: {
      ...present(chunk),
      ...(observed !== undefined && { observed: jsonMetadata(observed) }),
    },
    metadata: exact === undefined ? stored : jsonMetadata(exact),
  };
}

function jsonMetadata(text: string): Metadata {
  return metadata.parse(JSON.parse(text));
}

/** Replaces undefined by null, which removes the stored field. */
function chunkPayload(chunk: Partial<StoredChunk>): Payload {
  const { observed, ...rest } = chunk;
  const given = Object.entries(rest).map(([name, value]) => [name, value ?? null]);
  const seen = Object.hasOwn(chunk, "observed");
  return {
    ...Object.fromEntries(given),
    ...(seen && { observed: observed ? JSON.stringify(copyMetadata(observed)) : null }),
  };
}

/** Returns the object without undefined members. */
function present<T extends object>(value: T): T {
  const copy = { ...value };
  for (const [name, member] of Object.entries(copy))
    if (member === undefined || member === null) Reflect.deleteProperty(copy, name);
  return copy;
}

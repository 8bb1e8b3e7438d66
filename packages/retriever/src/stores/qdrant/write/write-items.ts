import type { Patch, Upsert, Write } from "@binnacle/core";
import { normalized } from "@binnacle/core/kit";
import { newVersion } from "@binnacle/core/stores";
import type { OpenCollection } from "../collections/open-collections.ts";
import { DENSE, SPARSE, VERSION } from "../wire/payload-keys.ts";
import { physicalId } from "../wire/point-ids.ts";
import { patchPayload, pointPayload } from "../wire/point-payload.ts";

/** One write, ready for the wire. */
export interface WriteItem {
  /** Its place in the caller's batch. */
  readonly position: number;
  readonly write: Write;
  /** The id under which the point is stored. */
  readonly id: string;
  /** The etag that the point has if the write was applied. */
  readonly version: number;
  /** How it is sent: as a point of an upsert, as an id of a deletion, or as an operation of its own. */
  readonly kind: "point" | "delete" | "operation";
  /** JSON of the point, id or operation. */
  readonly json: string;
}

/** Turns a write that was checked into JSON. Its etag is drawn here, so that every retry writes the same. */
export function writeItem(
  position: number,
  write: Write,
  collection: OpenCollection,
  tenant: string | undefined,
): WriteItem {
  const id = physicalId(write.id, tenant);
  const version = newVersion();
  const item = { position, write, id, version };
  switch (write.type) {
    case "upsert": {
      const point = pointOf(item, write, collection, tenant);
      return write.ifVersion === undefined
        ? { ...item, kind: "point", json: JSON.stringify(point) }
        : { ...item, kind: "operation", json: JSON.stringify(conditionalUpsert(point, write.ifVersion)) };
    }
    case "patch":
      return { ...item, kind: "operation", json: JSON.stringify(patchOf(write, id, version, collection)) };
    case "delete":
      return write.ifVersion === undefined
        ? { ...item, kind: "delete", json: JSON.stringify(id) }
        : {
            ...item,
            kind: "operation",
            json: JSON.stringify({ delete: { filter: atVersion(id, write.ifVersion) } }),
          };
    default:
      return write satisfies never;
  }
}

function pointOf(
  { id, version }: Pick<WriteItem, "id" | "version">,
  { id: given, chunk, metadata, dense, sparse }: Upsert,
  { spec }: OpenCollection,
  tenant: string | undefined,
): object {
  const isCosine = spec.dense?.metric === "cosine";
  return {
    id,
    vector: {
      ...(dense && { [DENSE]: Array.from(isCosine ? normalized(dense) : dense) }),
      ...(sparse && {
        [SPARSE]: { indices: Array.from(sparse.indices), values: Array.from(sparse.values) },
      }),
    },
    payload: pointPayload(chunk, metadata, spec.fields, {
      version,
      owner: tenant === undefined ? undefined : { tenant, id: given },
      norm: dense && isCosine ? lengthOf(dense) : undefined,
    }),
  };
}

function conditionalUpsert(point: object, ifVersion: number): object {
  if (ifVersion === 0) return { upsert: { points: [point], update_mode: "insert_only" } };
  const update_filter = { must: [{ key: VERSION, match: { value: ifVersion } }] };
  return { upsert: { points: [point], update_mode: "update_only", update_filter } };
}

function patchOf(
  { chunk, metadata, ifVersion }: Patch,
  id: string,
  version: number,
  { spec }: OpenCollection,
): object {
  const payload = patchPayload(chunk, metadata, spec.fields, version);
  const chosen = ifVersion === undefined ? { points: [id] } : { filter: atVersion(id, ifVersion) };
  return { set_payload: { payload, ...chosen } };
}

function atVersion(id: string, version: number): object {
  return { must: [{ has_id: [id] }, { key: VERSION, match: { value: version } }] };
}

function lengthOf(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

import type { Patch, Upsert, Write } from "@binnacle/core";
import { newVersion } from "@binnacle/core/stores";
import type { OpenCollection } from "../collections/open-collections.ts";
import { DENSE, SPARSE, VERSION } from "../wire/payload-keys.ts";
import { physicalId } from "../wire/point-ids.ts";
import { patchPayload, pointPayload } from "../wire/point-payload.ts";
import { wireNumbers } from "../wire/wire-numbers.ts";

/** One checked write. */
export interface WriteItem {
  /** Position in the caller's batch. */
  readonly position: number;
  readonly write: Write;
  readonly tenant: string | undefined;
  /** The id under which the point is stored. */
  readonly id: string;
  /** The etag that the point has if the write was applied. */
  readonly version: number;
}

/** One write in the form of a request. */
export interface EncodedItem extends WriteItem {
  /** The form of the write: a point of an upsert, an id of a deletion, or an operation of its own. */
  readonly kind: "point" | "delete" | "operation";
  /** JSON of the point, id or operation. */
  readonly json: string;
}

/** Creates an item with its etag, so that every retry writes the same etag. */
export function writeItem(position: number, write: Write, tenant: string | undefined): WriteItem {
  return { position, write, tenant, id: physicalId(write.id, tenant), version: newVersion() };
}

/** Returns a write as JSON. */
export function encodedItem(item: WriteItem, collection: OpenCollection): EncodedItem {
  const { write, id } = item;
  switch (write.type) {
    case "upsert": {
      const point = pointOf(item, write, collection);
      return write.ifVersion === undefined
        ? { ...item, kind: "point", json: JSON.stringify(point) }
        : { ...item, kind: "operation", json: JSON.stringify(conditionalUpsert(point, write.ifVersion)) };
    }
    case "patch":
      return { ...item, kind: "operation", json: JSON.stringify(patchOf(item, write, collection)) };
    case "delete": {
      if (write.ifVersion === undefined) return { ...item, kind: "delete", json: JSON.stringify(id) };
      const json = JSON.stringify({ delete: { filter: atVersion(id, write.ifVersion) } });
      return { ...item, kind: "operation", json };
    }
    default:
      return write satisfies never;
  }
}

function pointOf(
  { id, version, tenant }: WriteItem,
  { id: given, chunk, metadata, dense, sparse }: Upsert,
  { spec }: OpenCollection,
): object {
  const norm = dense && spec.dense?.metric === "cosine" ? lengthOf(dense) : undefined;
  return {
    id,
    vector: {
      ...(dense && { [DENSE]: wireNumbers(dense, norm) }),
      ...(sparse && {
        [SPARSE]: { indices: Array.from(sparse.indices), values: Array.from(sparse.values) },
      }),
    },
    payload: pointPayload(chunk, metadata, spec.fields, {
      version,
      owner: tenant === undefined ? undefined : { tenant, id: given },
      norm,
    }),
  };
}

function conditionalUpsert(point: object, ifVersion: number): object {
  if (ifVersion === 0) return { upsert: { points: [point], update_mode: "insert_only" } };
  const update_filter = { must: [{ key: VERSION, match: { value: ifVersion } }] };
  return { upsert: { points: [point], update_mode: "update_only", update_filter } };
}

function patchOf(
  { id, version }: WriteItem,
  { chunk, metadata, ifVersion }: Patch,
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

import type { Patch, SparseVector, Upsert, Write } from "@binnacle/core";
import { newVersion } from "@binnacle/core/stores";
import type { OpenCollection } from "../collections/open-collections.ts";
import type { Float32Json } from "../wire/float32-json.ts";
import { DENSE, SPARSE, VERSION } from "../wire/payload-keys.ts";
import { physicalId } from "../wire/point-ids.ts";
import { patchPayload, pointPayload } from "../wire/point-payload.ts";

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
  /** JSON of the point, id or operation, in UTF-8. */
  readonly json: Buffer;
}

/** Creates an item with its etag, so that every retry writes the same etag. */
export function writeItem(position: number, write: Write, tenant: string | undefined): WriteItem {
  return { position, write, tenant, id: physicalId(write.id, tenant), version: newVersion() };
}

/** Returns a write as JSON. */
export function encodedItem(item: WriteItem, collection: OpenCollection, numbers: Float32Json): EncodedItem {
  const { write, id } = item;
  const operation = (value: object): EncodedItem => ({ ...item, kind: "operation", json: jsonOf(value) });
  switch (write.type) {
    case "upsert": {
      const point = pointJson(item, write, collection, numbers);
      return write.ifVersion === undefined
        ? { ...item, kind: "point", json: point }
        : { ...item, kind: "operation", json: conditionalUpsert(point, write.ifVersion) };
    }
    case "patch":
      return operation(patchOf(item, write, collection));
    case "delete":
      return write.ifVersion === undefined
        ? { ...item, kind: "delete", json: jsonOf(id) }
        : operation({ delete: { filter: atVersion(id, write.ifVersion) } });
    default:
      return write satisfies never;
  }
}

function pointJson(
  { id, version, tenant }: WriteItem,
  { id: given, chunk, metadata, dense, sparse }: Upsert,
  { spec }: OpenCollection,
  numbers: Float32Json,
): Buffer {
  const norm = dense && spec.dense?.metric === "cosine" ? lengthOf(dense) : undefined;
  const payload = pointPayload(chunk, metadata, spec.fields, {
    version,
    owner: tenant === undefined ? undefined : { tenant, id: given },
    norm,
  });
  const scale = norm === undefined ? 1 : 1 / norm;
  return joined([
    `{"id":"${id}","vector":{`,
    ...(dense ? [`"${DENSE}":`, numbers.write(dense, scale)] : []),
    ...(sparse ? [dense ? "," : "", ...sparseJson(sparse, numbers)] : []),
    `},"payload":`,
    jsonOf(payload),
    "}",
  ]);
}

function sparseJson({ indices, values }: SparseVector, numbers: Float32Json): readonly (string | Buffer)[] {
  return [`"${SPARSE}":{"indices":[${indices.join(",")}],"values":`, numbers.write(values), "}"];
}

function conditionalUpsert(point: Buffer, ifVersion: number): Buffer {
  const filter = { must: [{ key: VERSION, match: { value: ifVersion } }] };
  const mode =
    ifVersion === 0 ? { update_mode: "insert_only" } : { update_mode: "update_only", update_filter: filter };
  return joined(['{"upsert":{"points":[', point, "],", jsonOf(mode).subarray(1), "}"]);
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

function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function joined(pieces: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
}

import { hash } from "node:crypto";

/** The identity from which a point's id is made. It does not depend on the point's content. */
export interface PointIdentity {
  readonly tenant?: string | undefined;
  readonly sourceId: string;
  readonly documentId: string;
  readonly slot: number;
}

/** Returns the id of a document's slot. Equal identities have equal ids on every machine, so an update
 * overwrites the point. */
export function pointId(identity: PointIdentity): string {
  // JSON distinguishes ("a", "bc") from ("ab", "c") for all characters in the names.
  return uuidFromName(
    JSON.stringify([identity.tenant ?? null, identity.sourceId, identity.documentId, identity.slot]),
  );
}

/** Returns a UUID version 8 (RFC 9562 §5.8) from the first 128 bits of the name's SHA-256. */
export function uuidFromName(name: string): string {
  const bytes = hash("sha256", name, "buffer").subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A value as both tiers store it, with its age and cost. */
export interface TierEntry {
  /** Undefined if the key is known to have no value. */
  readonly value: Uint8Array | undefined;
  /** Epoch milliseconds at which the value becomes stale. May be `Infinity`. */
  readonly freshUntil: number;
  /** Milliseconds that the load took. 0 if the value was not loaded. */
  readonly costMs: number;
}

/**
 * The size of the header: version (u8), kind (u8), zero (u16), cost in ms (f32), fresh until (f64), in
 * little-endian. The value follows.
 */
const headerBytes = 16;
const version = 1;
const kinds = { value: 1, nothing: 2 } as const;

/** Encodes an entry in new memory. */
export function entryToBytes({ value, freshUntil, costMs }: TierEntry): Uint8Array {
  const bytes = new Uint8Array(headerBytes + (value?.byteLength ?? 0));
  const header = new DataView(bytes.buffer);
  header.setUint8(0, version);
  header.setUint8(1, value === undefined ? kinds.nothing : kinds.value);
  header.setFloat32(4, costMs, true);
  header.setFloat64(8, freshUntil, true);
  if (value !== undefined) bytes.set(value, headerBytes);
  return bytes;
}

/** Decodes an entry whose value shares the memory of `bytes`. Undefined if the bytes are not an entry. */
export function entryFromBytes(bytes: Uint8Array): TierEntry | undefined {
  if (bytes.byteLength < headerBytes) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const kind = header.getUint8(1);
  const isKnown = kind === kinds.value || (kind === kinds.nothing && bytes.byteLength === headerBytes);
  const freshUntil = header.getFloat64(8, true);
  if (header.getUint8(0) !== version || !isKnown || Number.isNaN(freshUntil)) return undefined;
  const value = kind === kinds.value ? bytes.subarray(headerBytes) : undefined;
  return { value, freshUntil, costMs: header.getFloat32(4, true) };
}

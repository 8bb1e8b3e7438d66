/** A value as both tiers hold it, with what the tiers do not know about it. */
export interface TierEntry {
  /** Undefined: it is known that there is nothing. */
  readonly value: Uint8Array | undefined;
  /** Epoch milliseconds from which on the value is stale; may be `Infinity`. */
  readonly freshUntil: number;
  /** How long loading it took, in milliseconds; 0 if it was not loaded. */
  readonly costMs: number;
}

/** Version (u8), kind (u8), zero (u16), cost in ms (f32), fresh until (f64), all little-endian; then the value. */
const headerBytes = 16;
const version = 1;
const kinds = { value: 1, nothing: 2 } as const;

/** The entry in memory of its own. */
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

/** The entry, its value in the memory of `bytes`. Undefined if these are not the bytes of an entry. */
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

/** Whoever keeps one value of a call keeps at most this much alive with it. */
const slabBytes = 64 * 1024;
const alignment = 8;

/**
 * Copies of the values, each in a place of its own. Many small ones share a buffer, because making a buffer costs more than
 * filling it: 2 000 values of 3 KiB are copied in a third of the time.
 */
export function copyValues(values: readonly (Uint8Array | undefined)[]): readonly (Uint8Array | undefined)[] {
  let left = values.reduce((sum, value) => sum + aligned(value?.byteLength ?? 0), 0);
  let slab = new Uint8Array();
  let used = 0;
  return values.map((value) => {
    if (value === undefined) return undefined;
    const size = aligned(value.byteLength);
    left -= size;
    if (size > slabBytes / 4) return new Uint8Array(value);
    if (used + size > slab.byteLength) {
      // Not filled with zeros first: every byte that is handed out is written below.
      slab = Buffer.allocUnsafeSlow(Math.min(slabBytes, left + size));
      used = 0;
    }
    const copy = new Uint8Array(slab.buffer, used, value.byteLength);
    copy.set(value);
    used += size;
    return copy;
  });
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

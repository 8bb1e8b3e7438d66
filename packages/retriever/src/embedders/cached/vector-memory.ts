/** A caller that keeps one vector keeps at most this much alive with it. */
const bufferBytes = 64 * 1024;

/** Returns a function that makes vectors, filled with anything. Small ones share a buffer, because to make a buffer costs
 * more than to fill it. */
export function vectorMemory(dimensions: number, count: number): () => Float32Array {
  const bytes = 4 * dimensions;
  const perBuffer = Math.max(1, Math.min(count, Math.floor(bufferBytes / bytes)));
  let buffer: ArrayBufferLike = new ArrayBuffer(0);
  let used = 0;
  return () => {
    if (used === buffer.byteLength) {
      // Not filled with zeros first: its caller writes every byte.
      buffer = Buffer.allocUnsafeSlow(perBuffer * bytes).buffer;
      used = 0;
    }
    used += bytes;
    return new Float32Array(buffer, used - bytes, dimensions);
  };
}

/** The size of a shared buffer. A caller that keeps one vector keeps at most this many bytes alive. */
const bufferBytes = 64 * 1024;

/**
 * Returns a function that creates vectors with arbitrary content, for about `count` vectors. Small vectors share a
 * buffer of at most 64 KiB, because creating a buffer costs more than filling it.
 */
export function vectorMemory(dimensions: number, count: number): () => Float32Array {
  const bytes = 4 * dimensions;
  const perBuffer = Math.max(1, Math.min(count, Math.floor(bufferBytes / bytes)));
  let buffer: ArrayBufferLike = new ArrayBuffer(0);
  let used = 0;
  return () => {
    if (used === buffer.byteLength) {
      // The buffer need not be zeroed, because the caller writes every byte.
      buffer = Buffer.allocUnsafeSlow(perBuffer * bytes).buffer;
      used = 0;
    }
    used += bytes;
    return new Float32Array(buffer, used - bytes, dimensions);
  };
}

/**
 * Decodes little-endian float32 values in base64 into a vector of `memory`, by default one with a buffer of its own.
 * Returns undefined for any other text.
 */
export function decodeFloats(
  base64: string,
  memory = (dimensions: number): Float32Array => new Float32Array(dimensions),
): Float32Array | undefined {
  const dimensions = floatsIn(base64);
  if (dimensions === undefined) return undefined;
  const vector = memory(dimensions);
  const { buffer, byteOffset, byteLength } = vector;
  // Buffer skips characters that are not base64, so only the length shows them.
  const written = Buffer.from(buffer, byteOffset, byteLength).write(base64, "base64");
  return written === byteLength ? vector : undefined;
}

/** Returns the number of float32 values that a text in base64 holds. Undefined for a length that no values have. */
function floatsIn(base64: string): number | undefined {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  const length = base64.length - padding;
  const byteLength = Math.floor((length * 3) / 4);
  return length % 4 === 1 || byteLength % 4 !== 0 ? undefined : byteLength / 4;
}

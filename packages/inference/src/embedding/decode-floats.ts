/**
 * Decodes little-endian float32 values in base64. The vector has memory of its own, so that a kept vector keeps no
 * other in memory. Returns undefined for any other text.
 */
export function decodeFloats(base64: string): Float32Array | undefined {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  const length = base64.length - padding;
  const byteLength = Math.floor((length * 3) / 4);
  if (length % 4 === 1 || byteLength % 4 !== 0) return undefined;
  const vector = new Float32Array(byteLength / 4);
  // Buffer skips characters that are not base64, so only the length shows them.
  return Buffer.from(vector.buffer).write(base64, "base64") === byteLength ? vector : undefined;
}

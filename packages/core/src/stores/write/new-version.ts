/** A random etag for {@link StoredPoint.version}: 53 bits, so that no id ever draws the same number twice. */
export function newVersion(): number {
  return 1 + Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

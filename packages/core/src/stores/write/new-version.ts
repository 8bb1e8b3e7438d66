/** Returns a random etag for `StoredPoint.version`. It has 53 bits, so that an id practically never
 * gets the same etag twice. */
export function newVersion(): number {
  return 1 + Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

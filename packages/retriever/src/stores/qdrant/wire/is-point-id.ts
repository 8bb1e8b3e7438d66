const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns true if a value can be a point's id, which is a UUID in lower case. */
export function isPointId(id: unknown): id is string {
  return typeof id === "string" && UUID.test(id);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a value can be a point's id: a UUID in lower case. */
export function isPointId(id: unknown): id is string {
  return typeof id === "string" && UUID.test(id);
}

/** Whether a value is an object as JSON knows it: no list, date, map or class instance. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not compared with Object.prototype: a value may come from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Returns true for a plain object, and false for an array, a date, a map or an instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Object.prototype differs if the value comes from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

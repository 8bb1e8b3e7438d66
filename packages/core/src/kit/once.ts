/**
 * Returns a function that calls `create` on its first call and returns that value on every call. Use it for a
 * schema at the top of a module. A schema takes time to build, and an import should not wait for it.
 */
export function once<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: create() }).value;
}

/** Returns the path of a collection. The name is already checked, so it contains no special character of a
 * path. */
export function collectionPath(name: string, rest = ""): string {
  return `/collections/${name}${rest}`;
}

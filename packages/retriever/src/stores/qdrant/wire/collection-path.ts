/** The path of a collection, whose name was checked: it holds nothing that a path could mean. */
export function collectionPath(name: string, rest = ""): string {
  return `/collections/${name}${rest}`;
}

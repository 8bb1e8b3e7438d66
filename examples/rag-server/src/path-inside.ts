import { isAbsolute, relative, sep } from "node:path";

/**
 * Returns the relative path from a folder to a path inside it. Empty for the folder itself, undefined for a
 * path elsewhere.
 */
export function pathInside(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return isAbsolute(way) || way.split(sep)[0] === ".." ? undefined : way;
}

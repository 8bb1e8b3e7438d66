import { isAbsolute, relative, sep } from "node:path";

/** The way from a folder to what lies in it, empty for the folder itself; undefined where a path lies elsewhere. */
export function pathInside(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return isAbsolute(way) || way.split(sep)[0] === ".." ? undefined : way;
}

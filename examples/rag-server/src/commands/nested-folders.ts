import { pathInside } from "../path-inside.ts";
import type { RagSystem } from "../rag-system.ts";
import { isAddress } from "../source-place.ts";

/**
 * Returns a line for each folder of the index that contains this folder or is inside it. Shared files are
 * found twice.
 */
export async function nestedFolderNotes(
  { data, collection }: RagSystem,
  path: string,
): Promise<readonly string[]> {
  const recorded = await data.sources(collection);
  return recorded.flatMap((source) => {
    if (source.path === path || isAddress(source.path) || isAddress(path)) return [];
    const [inner, outer] =
      pathInside(source.path, path) !== undefined ? [path, source.path] : [source.path, path];
    if (pathInside(outer, inner) === undefined) return [];
    return [
      `${inner} lies in ${outer}, and both are in collection "${collection}": shared files are found twice; forget one folder, or give it its own --collection`,
    ];
  });
}

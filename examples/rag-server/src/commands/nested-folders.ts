import { pathInside } from "../path-inside.ts";
import type { RagSystem } from "../rag-system.ts";

/** One line for each folder of the index that holds this one or lies in it: what both hold is found twice. */
export async function nestedFolderNotes(
  { data, collection }: RagSystem,
  path: string,
): Promise<readonly string[]> {
  const recorded = await data.sources(collection);
  return recorded.flatMap((source) => {
    if (source.path === path) return [];
    const [inner, outer] =
      pathInside(source.path, path) !== undefined ? [path, source.path] : [source.path, path];
    if (pathInside(outer, inner) === undefined) return [];
    return [
      `${inner} lies in ${outer}, and both are in collection "${collection}": what they share is found twice; forget one, or give it a --collection of its own`,
    ];
  });
}

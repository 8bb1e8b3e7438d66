import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { Fence, Write } from "../../spec/collection.ts";

/**
 * Returns an error of code `wrong_source` if a fenced write concerns a point of another source. `stored` is
 * the source of the point with the write's id, or undefined if there is no such point. Without it, the error
 * covers only the source that the write itself names.
 */
export function sourceIssue(
  write: Write,
  fence: Fence | undefined,
  stored: string | undefined,
): BinnacleError | undefined {
  if (fence === undefined) return undefined;
  const named = write.type === "delete" ? undefined : write.chunk?.sourceId;
  const other = [stored, named].find((sourceId) => sourceId !== undefined && sourceId !== fence.sourceId);
  if (other === undefined) return undefined;
  return new BinnacleError(
    "wrong_source",
    `Point ${write.id} belongs to source "${other}", but the fence is of source "${fence.sourceId}". Use a fence of source "${other}", or no fence.`,
  );
}

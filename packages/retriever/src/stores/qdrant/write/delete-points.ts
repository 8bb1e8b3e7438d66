import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantFilter } from "../wire/qdrant-filter.ts";
import { countPoints } from "../read/read-points.ts";
import { confirm } from "./batch-writer.ts";
import type { WriteContext } from "./write-batch.ts";
import { epochStep } from "./epoch-chain.ts";

/** Deletes by a filter and returns how many points matched immediately before. The filter must have a
 * condition. */
export async function deletePoints(filter: QdrantFilter, context: WriteContext): Promise<number> {
  const { api, collection, epochs, fence, call } = context;
  const { name } = collection.spec;
  const count = await countPoints(filter, api, name, call);
  if (count === 0) return 0;
  const { before, after, next } = epochStep(epochs.id, await epochs.known(call), fence?.sourceId);
  const request = {
    method: "POST",
    path: collectionPath(name, "/points/batch"),
    query: { wait: true, ordering: collection.replicated ? "strong" : undefined },
    json: { operations: [...before, { delete: { filter } }, ...after] },
    collection: name,
  } as const;
  try {
    await api.answer(request, (value) => confirm(value, name), call);
  } catch (error) {
    epochs.forget();
    throw error;
  }
  epochs.remember(next);
  return count;
}

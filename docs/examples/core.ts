import type { DocumentSource, VectorStore } from "@binnacle/core";
import { BinnacleError } from "@binnacle/core";

/** The app's own code takes interfaces, so it works with any store and any source. */
export async function describe(store: VectorStore, source: DocumentSource): Promise<string> {
  try {
    const { durability } = await store.capabilities({ signal: AbortSignal.timeout(5_000) });
    return `${source.id} is indexed into a store with durability "${durability}"`;
  } catch (error) {
    if (BinnacleError.isInstance(error) && error.code === "closed") return "the store is closed";
    throw error;
  }
}

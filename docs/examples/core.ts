import type { DocumentSource, VectorStore } from "@binnacle/core";
import { BinnacleError } from "@binnacle/core";

/** An app's own code asks for interfaces, so that any store and any source will do. */
export async function describe(store: VectorStore, source: DocumentSource): Promise<string> {
  try {
    const { durability } = await store.capabilities({ signal: AbortSignal.timeout(5_000) });
    return `${source.id} goes into a store whose durability is "${durability}"`;
  } catch (error) {
    if (BinnacleError.isInstance(error) && error.code === "closed") return "the store was closed";
    throw error;
  }
}

import { ConfigurationError, type CallOptions, type CollectionInfo, type VectorStore } from "@binnacle/core";
import { describeChecked } from "@binnacle/core/kit";
import type { Index } from "../indexing/options/define-index.ts";
import type { RetrievalMode } from "./retriever-options.ts";

/**
 * Describes the index's collection and checks that it holds vectors of the index's space and encoder, as far
 * as the mode needs them. Rejects with a `ConfigurationError` of code `not_found`, `wrong_space` or
 * `wrong_encoder`.
 */
export async function checkedCollection(
  store: VectorStore,
  index: Index,
  mode: RetrievalMode,
  options: CallOptions,
): Promise<CollectionInfo> {
  const info = await store.describeCollection(index.name, options);
  if (info === undefined) {
    throw mismatch(
      "not_found",
      `the store has no collection "${index.name}". Index documents first: createIndexer({ store, index }).sync(source).`,
    );
  }
  if (mode !== "dense") checkEncoder(info, index);
  if (mode !== "lexical") await checkSpace(info, index, options);
  return info;
}

// A collection is made for one space and one encoder, so a new collection always works.
const elsewhere = "give the index another name and sync again";

function checkEncoder(info: CollectionInfo, index: Index): void {
  const [stored, given] = [info.sparse?.encoderId, index.sparse?.id];
  if (stored === given) return;
  throw mismatch(
    "wrong_encoder",
    stored === undefined
      ? `collection "${info.name}" has no sparse vectors. Use mode "dense", or ${elsewhere}.`
      : `collection "${info.name}" was encoded with "${stored}", but the index has "${given}". Use the collection's encoder, or ${elsewhere}.`,
  );
}

async function checkSpace(info: CollectionInfo, index: Index, options: CallOptions): Promise<void> {
  const given = index.embedder && (await describeChecked(index.embedder, options)).space.id;
  const stored = info.dense?.spaceId;
  if (stored === given) return;
  throw mismatch(
    "wrong_space",
    stored === undefined
      ? `collection "${info.name}" has no dense vectors. Use mode "lexical", or ${elsewhere}.`
      : `collection "${info.name}" holds vectors of "${stored}", but the index embeds into "${given}". Use the collection's model, or ${elsewhere}.`,
  );
}

function mismatch(code: string, message: string): ConfigurationError {
  return new ConfigurationError(`createRetriever: ${message}`, { code });
}

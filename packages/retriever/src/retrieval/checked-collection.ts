import { ConfigurationError, type CallOptions, type CollectionInfo, type VectorStore } from "@binnacle/core";
import { describeChecked } from "@binnacle/core/kit";
import type { Index } from "../indexing/options/define-index.ts";
import type { RetrievalMode } from "./retriever-options.ts";

/**
 * Reads what the collection is and refuses to search it with vectors it does not hold. Throws `ConfigurationError` with
 * code `not_found`, `wrong_space` or `wrong_encoder`; each message says what would help.
 */
export async function checkedCollection(
  store: VectorStore,
  index: Index,
  mode: RetrievalMode,
  options: CallOptions,
): Promise<CollectionInfo> {
  const info = await store.describeCollection(index.name, options);
  if (info === undefined) {
    throw refusal(
      "not_found",
      `there is no collection "${index.name}"; index something into it first (createIndexer({ store, index }).sync(source))`,
    );
  }
  if (mode !== "dense") checkEncoder(info, index);
  if (mode !== "lexical") await checkSpace(info, index, options);
  return info;
}

/** The way out that always works: a collection is made for one space and one encoder. */
const elsewhere = "give the index another name and sync into that";

function checkEncoder(info: CollectionInfo, index: Index): void {
  const [stored, given] = [info.sparse?.encoderId, index.sparse?.id];
  if (stored === given) return;
  throw refusal(
    "wrong_encoder",
    stored === undefined
      ? `collection "${info.name}" has no sparse vectors; use mode "dense", or ${elsewhere}`
      : `collection "${info.name}" was encoded with "${stored}", the index has "${given}"; use that encoder, or ${elsewhere}`,
  );
}

async function checkSpace(info: CollectionInfo, index: Index, options: CallOptions): Promise<void> {
  const given = index.embedder && (await describeChecked(index.embedder, options)).space.id;
  const stored = info.dense?.spaceId;
  if (stored === given) return;
  throw refusal(
    "wrong_space",
    stored === undefined
      ? `collection "${info.name}" has no dense vectors; use mode "lexical", or ${elsewhere}`
      : `collection "${info.name}" holds vectors of "${stored}", the index embeds into "${given}"; use that model, or ${elsewhere}`,
  );
}

function refusal(code: string, message: string): ConfigurationError {
  return new ConfigurationError(`createRetriever: ${message}`, { code });
}

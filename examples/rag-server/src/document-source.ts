import type { CallOptions, Document, DocumentSource, SourceChange, UpsertChange } from "@binnacle/core";
import type { FolderSourceOptions } from "@binnacle/retriever/folder";
import { folderSource, type SourcePlace } from "./folder-source.ts";
import type { RagSystem } from "./rag-system.ts";

/** The hooks of {@link documentSource}. */
export interface SourceHooks {
  readonly onEvent?: FolderSourceOptions["onEvent"];
  /** Called with the id of a document that is about to be read. */
  readonly onLoad?: ((documentId: string) => void) | undefined;
}

/**
 * Creates the source of a record. A fetched page is one document with its address as the id. Images are documents
 * if the system's embedder accepts images.
 */
export function documentSource(
  { data, embedder }: Pick<RagSystem, "data" | "embedder">,
  place: SourcePlace,
  { onEvent, onLoad = () => undefined }: SourceHooks = {},
): DocumentSource {
  const address = place.kind === "page" ? place.path : undefined;
  return {
    id: place.id,
    changes: async function* (options) {
      const images = await acceptsImages(embedder, options);
      const source = folderSource(data, place, { onEvent, images });
      for await (const change of source.changes(options)) yield seen(renamed(change, address), onLoad);
    },
  };
}

/** Rejects if the server does not answer, because a listing without its images would remove them. */
async function acceptsImages(
  embedder: RagSystem["embedder"],
  { signal, deadlineAt }: CallOptions,
): Promise<boolean> {
  const accepts = (await embedder?.describe({ signal, deadlineAt }))?.accepts ?? [];
  return accepts.includes("image") || accepts.includes("text+image");
}

function renamed(change: SourceChange, address: string | undefined): SourceChange {
  if (address === undefined || !("documentId" in change)) return change;
  if (change.type !== "upsert") return { ...change, documentId: address };
  const load: UpsertChange["load"] = async (call) => {
    const document = await change.load(call);
    return document && { ...document, id: address, uri: address };
  };
  return { ...change, documentId: address, load };
}

function seen(change: SourceChange, onLoad: (documentId: string) => void): SourceChange {
  if (change.type !== "upsert") return change;
  const load = (...call: Parameters<UpsertChange["load"]>): Promise<Document | undefined> => {
    onLoad(change.documentId);
    return change.load(...call);
  };
  return { ...change, load };
}

import type { Document, DocumentSource, SourceChange, UpsertChange } from "@binnacle/core";
import type { FolderSourceOptions } from "@binnacle/retriever/folder";
import type { DataDirectory } from "./data-directory.ts";
import { folderSource, type SourcePlace } from "./folder-source.ts";

/** The hooks of {@link documentSource}. */
export interface SourceHooks {
  readonly onEvent?: FolderSourceOptions["onEvent"];
  /** Called with the id of a document that is about to be read. */
  readonly onLoad?: ((documentId: string) => void) | undefined;
}

/** Creates the source of a record. A fetched page is one document with its address as the id. */
export function documentSource(
  data: DataDirectory,
  place: SourcePlace,
  { onEvent, onLoad = () => undefined }: SourceHooks = {},
): DocumentSource {
  const source = folderSource(data, place, onEvent);
  const address = place.kind === "page" ? place.path : undefined;
  return {
    id: source.id,
    changes: async function* (options) {
      for await (const change of source.changes(options)) yield seen(renamed(change, address), onLoad);
    },
  };
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

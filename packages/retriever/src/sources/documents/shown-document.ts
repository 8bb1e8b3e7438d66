import { randomUUID } from "node:crypto";
import {
  BinnacleError,
  ConfigurationError,
  type Document,
  type Metadata,
  type UnreadableChange,
  type UpsertChange,
} from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";
import { documentIssue } from "../../indexing/documents/document-issue.ts";
import { documentHash } from "./document-hash.ts";

/** A document of an app, with an optional version. */
export interface SourceDocument<M extends Metadata = Metadata> extends Document<M> {
  /**
   * Changes whenever the content may have changed, such as a row version or an ETag.
   * @default a hash of the document
   */
  readonly version?: string | undefined;
}

/**
 * Turns a document into a change without a scope. `seen` contains the ids of earlier documents, and receives
 * this id. Throws a `ConfigurationError` if the document has no id.
 */
export function shownDocument<M extends Metadata>(
  given: SourceDocument<M>,
  seen: Set<string>,
  position: number,
): Omit<UpsertChange<M>, "scope"> | Omit<UnreadableChange, "scope"> {
  const documentId = idOf(given, position);
  if (seen.has(documentId)) {
    const message = `fromDocuments: the id "${documentId}" occurs twice, so only the first document is used. Give each document its own id.`;
    return unreadable(documentId, new BinnacleError("duplicate_document", message));
  }
  seen.add(documentId);
  const { version, ...document } = given;
  const issue = documentIssue(documentId, document) ?? versionIssue(version);
  if (issue !== undefined) return unreadable(documentId, issue);
  return {
    type: "upsert",
    documentId,
    version: version ?? documentVersion(document),
    load: async (options) => {
      options?.signal?.throwIfAborted();
      return document;
    },
  };
}

/**
 * Returns the document's id. Throws if it has none, because a listing with an unnamed document must remove
 * nothing.
 */
function idOf(document: unknown, position: number): string {
  const where = `fromDocuments: document ${position}`;
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new ConfigurationError(`${where}: expected a document, got ${describeValue(document)}`);
  const id: unknown = Reflect.get(document, "id");
  if (typeof id === "string" && id !== "") return id;
  const wayOut = typeof id === "number" || typeof id === "bigint" ? ". Use String(id)." : "";
  throw new ConfigurationError(
    `${where}: id: expected a stable string with at least one character, got ${describeValue(id)}${wayOut}`,
  );
}

function versionIssue(version: unknown): BinnacleError | undefined {
  if (version === undefined || typeof version === "string") return undefined;
  const wayOut = version instanceof Date ? "toISOString()" : "String()";
  const message = `version: expected a string, got ${describeValue(version)}. Use ${wayOut}, or leave it out.`;
  return new BinnacleError("invalid_document", message);
}

function documentVersion(document: Document): string {
  try {
    return documentHash(document);
  } catch {
    // JSON cannot write this metadata, such as a BigInt. The schema may convert it, or else rejects it later.
    return randomUUID();
  }
}

function unreadable(documentId: string, error: BinnacleError): Omit<UnreadableChange, "scope"> {
  return { type: "unreadable", documentId, error };
}

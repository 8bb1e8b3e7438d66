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

/** A document of an app's own. */
export interface SourceDocument<M extends Metadata = Metadata> extends Document<M> {
  /** Another one whenever the content could be: a row version, an ETag. @default a hash of the document */
  readonly version?: string | undefined;
}

/** A document as a change that belongs to no scope yet. `seen` holds the ids before it, and takes its own. */
export function shownDocument<M extends Metadata>(
  given: SourceDocument<M>,
  seen: Set<string>,
  position: number,
): Omit<UpsertChange<M>, "scope"> | Omit<UnreadableChange, "scope"> {
  const documentId = idOf(given, position);
  if (seen.has(documentId)) {
    const message = `fromDocuments: "${documentId}" was given twice; only the first counts. Ids must differ.`;
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

/** Throws where there is none: a listing that cannot name one of its documents must remove nothing. */
function idOf(document: unknown, position: number): string {
  const where = `fromDocuments: document ${position}`;
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new ConfigurationError(`${where}: expected a document, got ${describeValue(document)}`);
  const id: unknown = Reflect.get(document, "id");
  if (typeof id === "string" && id !== "") return id;
  const wayOut = typeof id === "number" || typeof id === "bigint" ? "; use String(id)" : "";
  throw new ConfigurationError(
    `${where}: id: expected a stable string with at least one character, got ${describeValue(id)}${wayOut}`,
  );
}

function versionIssue(version: unknown): BinnacleError | undefined {
  if (version === undefined || typeof version === "string") return undefined;
  const wayOut = version instanceof Date ? "toISOString()" : "String()";
  const message = `version: expected a string, got ${describeValue(version)}; use ${wayOut}, or leave it out`;
  return new BinnacleError("invalid_document", message);
}

function documentVersion(document: Document): string {
  try {
    return documentHash(document);
  } catch {
    // Metadata that JSON cannot write, such as a BigInt. The schema may convert it; if not, reading it says so.
    return randomUUID();
  }
}

function unreadable(documentId: string, error: BinnacleError): Omit<UnreadableChange, "scope"> {
  return { type: "unreadable", documentId, error };
}

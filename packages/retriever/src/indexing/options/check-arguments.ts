import { ConfigurationError, type ConfigurationIssue } from "@binnacle/core";
import { describeValue, hasMethods } from "@binnacle/core/kit";

const maxIssues = 5;

/** Throws a `ConfigurationError` unless the value is a document source. */
export function checkSource(method: string, source: unknown): void {
  if (!hasMethods(source, ["changes"])) {
    const wayOut = Array.isArray(source)
      ? "; make one of the documents with fromDocuments(documents, { id, complete }), or pass them to upsert()"
      : "";
    throw refusal(method, [
      { path: "source", message: `expected a DocumentSource, got ${describeValue(source)}${wayOut}` },
    ]);
  }
  const id: unknown = typeof source === "object" && source !== null ? Reflect.get(source, "id") : undefined;
  if (typeof id === "string" && id !== "") return;
  throw refusal(method, [
    { path: "source.id", message: `expected a string with at least one character, got ${describeValue(id)}` },
  ]);
}

/**
 * Throws a `ConfigurationError` unless the value can be a source's id. A missing id must not mean the default
 * source.
 */
export function checkSourceId(method: string, sourceId: unknown): void {
  if (typeof sourceId === "string" && sourceId !== "") return;
  const message = `expected a string with at least one character, got ${describeValue(sourceId)}`;
  throw refusal(method, [{ path: "sourceId", message }]);
}

/**
 * Throws a `ConfigurationError` unless the value is an array of objects with string ids. The rest of each
 * document is checked when it is read, so that one bad document fails alone.
 */
export function checkDocuments(method: string, documents: unknown): void {
  if (!Array.isArray(documents)) {
    const isDocument = typeof documents === "object" && documents !== null && "text" in documents;
    const wayOut = isDocument ? `; put it into an array: ${method}([document])` : fromIterable(documents);
    throw refusal(method, [
      {
        path: "documents",
        message: `expected an array of documents, got ${describeValue(documents)}${wayOut}`,
      },
    ]);
  }
  refuse(method, Array.from<unknown>(documents).flatMap(idIssue));
}

/** Throws a `ConfigurationError` unless the value is an array of document ids. */
export function checkIds(method: string, documentIds: unknown): void {
  if (!Array.isArray(documentIds)) {
    const wayOut =
      typeof documentIds === "string" ? `; put it into an array: ${method}([id])` : fromIterable(documentIds);
    throw refusal(method, [
      {
        path: "documentIds",
        message: `expected an array of ids, got ${describeValue(documentIds)}${wayOut}`,
      },
    ]);
  }
  const issues = Array.from<unknown>(documentIds).flatMap((id, i) =>
    typeof id === "string" ? [] : [{ path: `documentIds.${i}`, message: expectedId(id) }],
  );
  refuse(method, issues);
}

function idIssue(document: unknown, position: number): readonly ConfigurationIssue[] {
  const path = `documents.${position}`;
  if (typeof document !== "object" || document === null || Array.isArray(document) || "then" in document)
    return [{ path, message: `expected a document, got ${describeValue(document)}` }];
  const id: unknown = Reflect.get(document, "id");
  return typeof id === "string" ? [] : [{ path: `${path}.id`, message: expectedId(id) }];
}

function expectedId(id: unknown): string {
  const isNumeric = typeof id === "number" || typeof id === "bigint";
  return `expected a string, got ${describeValue(id)}${isNumeric ? "; use String(id)" : ""}`;
}

function fromIterable(value: unknown): string {
  const isIterable =
    typeof value === "object" &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
  return isIterable ? "; collect it first with Array.fromAsync()" : "";
}

function refuse(method: string, issues: readonly ConfigurationIssue[]): void {
  if (issues.length > 0) throw refusal(method, issues);
}

function refusal(method: string, issues: readonly ConfigurationIssue[]): ConfigurationError {
  const shown = issues.slice(0, maxIssues).map(({ path, message }) => `${path}: ${message}`);
  const more = issues.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`and ${more} more like these`] : [])].join("; ");
  return new ConfigurationError(`${method}: ${list}`, { issues });
}

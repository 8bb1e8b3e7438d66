import { BinnacleError, type Document } from "@binnacle/core";
import { describeValue, isPlainObject } from "@binnacle/core/kit";

/**
 * Returns why a document cannot be indexed, or undefined if it can. Sources and database rows may be untyped.
 * Metadata is checked later, because the index's schema may convert it.
 */
export function documentIssue(announcedId: string, document: unknown): BinnacleError | undefined {
  if (!isObject(document))
    return invalid(
      `expected a document, got ${describeValue(document)}; load() returns undefined if it is gone`,
    );
  const id: unknown = Reflect.get(document, "id");
  if (id !== announcedId)
    return invalid(
      `the source announced "${announcedId}" and loaded ${describeValue(id)}; both must be the same id`,
    );
  if (id === "") return invalid("the id is empty; every document needs one of its own");
  const issue =
    textIssue(document) ??
    nameIssues(document) ??
    listIssue(document, "outline", outlineIssue) ??
    listIssue(document, "media", mediaIssue) ??
    metadataPromiseIssue(document);
  return issue === undefined ? undefined : invalid(issue);
}

/** Returns a document with its defaults. */
export function withDefaults(document: Document): Document & { readonly mediaType: string } {
  return { ...document, mediaType: document.mediaType ?? "text/plain" };
}

function textIssue(document: object): string | undefined {
  const text: unknown = Reflect.get(document, "text");
  if (typeof text === "string") return wellFormedIssue("text", text);
  const found = text === undefined ? `; the document is ${describeValue(document)}` : "";
  return `text: expected a string, which may be empty, got ${describeValue(text)}${found}`;
}

function nameIssues(document: object): string | undefined {
  for (const name of ["id", "mediaType", "title", "uri"] satisfies readonly (keyof Document)[]) {
    const value: unknown = Reflect.get(document, name);
    if (value === undefined) continue;
    if (typeof value !== "string")
      return `${name}: expected a string, got ${describeValue(value)}; leave it out if there is none`;
    const issue = wellFormedIssue(name, value);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function wellFormedIssue(name: string, value: string): string | undefined {
  return value.isWellFormed() ? undefined : `${name} holds half of a surrogate pair; use toWellFormed()`;
}

function listIssue(
  document: object,
  name: "outline" | "media",
  itemIssue: (item: unknown) => string | undefined,
): string | undefined {
  const list: unknown = Reflect.get(document, name);
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) return `${name}: expected an array, got ${describeValue(list)}`;
  for (const [i, item] of Array.from<unknown>(list).entries()) {
    const issue = itemIssue(item);
    if (issue !== undefined) return `${name}.${i}: ${issue}`;
  }
  return undefined;
}

function outlineIssue(node: unknown): string | undefined {
  if (!isPlainObject(node)) return `expected an outline node, got ${describeValue(node)}`;
  const { start, end, path, kind } = node;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end))
    return `start and end must be whole numbers, got ${describeValue(start)} and ${describeValue(end)}`;
  if (!Array.isArray(path) || path.some((name) => typeof name !== "string"))
    return `path must be an array of strings, got ${describeValue(path)}`;
  return typeof kind === "string" ? undefined : `kind must be a string, got ${describeValue(kind)}`;
}

function mediaIssue(part: unknown): string | undefined {
  if (!isPlainObject(part)) return `expected { mediaType, data }, got ${describeValue(part)}`;
  if (typeof part["mediaType"] !== "string")
    return `mediaType must be a string, got ${describeValue(part["mediaType"])}`;
  return part["data"] instanceof Uint8Array
    ? undefined
    : `data must be a Uint8Array, got ${describeValue(part["data"])}`;
}

/** Finds metadata that is a promise. The next step is async and would await it silently. */
function metadataPromiseIssue(document: object): string | undefined {
  const metadata: unknown = Reflect.get(document, "metadata");
  return metadata instanceof Promise
    ? `metadata: expected an object, got ${describeValue(metadata)}`
    : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_document", message);
}

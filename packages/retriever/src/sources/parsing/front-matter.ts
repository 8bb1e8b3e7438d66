import { BinnacleError, type JsonValue, type Metadata } from "@binnacle/core";
import { isScalar, parseDocument, type Document } from "yaml";
import { frontMatterBlock } from "../../chunking/markdown/front-matter-block.ts";

/** The front matter of a Markdown file. */
export interface FrontMatter {
  readonly metadata: Metadata;
  /** The value of `title`, if it is a number or a text that is not blank. */
  readonly title?: string | undefined;
  /** The error if the front matter is invalid. The metadata is then empty. */
  readonly error?: BinnacleError | undefined;
}

const deepest = 32;

/**
 * Reads the YAML front matter of a text, by the same rules as the Markdown chunker. The last of several equal
 * keys counts. Undefined if the text has no YAML front matter. Never throws.
 */
export function readFrontMatter(text: string): FrontMatter | undefined {
  const block = frontMatterBlock(text);
  if (block?.language !== "yaml") return undefined;
  try {
    // The check for equal keys takes quadratic time.
    const options = { logLevel: "silent", uniqueKeys: false } as const;
    const parsed = parseDocument(text.slice(block.content.start, block.content.end), options);
    const [problem] = parsed.errors;
    if (problem !== undefined) throw problem;
    const value: unknown = parsed.toJS();
    if (value === null || value === undefined) return { metadata: {} };
    const metadata = toJson(value, 0);
    if (isMetadata(metadata))
      return { metadata: withLists(metadata), title: titleOf(metadata["title"], parsed) };
    return { metadata: {}, error: invalid(`it is ${describe(metadata)}, expected keys with values`) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { metadata: {}, error: invalid(reason, cause) };
  }
}

/** Keys whose value is a list, although many pages write it as one text: `tags: ops, deploy`. */
const listKeys: ReadonlySet<string> = new Set(["tags", "keywords", "categories"]);

function withLists(metadata: { readonly [key: string]: JsonValue }): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      if (!listKeys.has(key.toLowerCase()) || typeof value !== "string" || !/[,;]/u.test(value))
        return [key, value];
      return [key, value.split(/[,;]/u).flatMap((part) => part.trim() || [])];
    }),
  );
}

function isMetadata(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function titleOf(title: JsonValue | undefined, parsed: Document): string | undefined {
  if (typeof title === "string") return title.trim() || undefined;
  if (typeof title !== "number") return undefined;
  // The title keeps its spelling, because the numbers 1.10 and 1.1 are equal.
  const node = parsed.get("title", true);
  return isScalar(node) && node.value === title ? node.source : String(title);
}

/**
 * Converts a value to JSON. Numbers that JSON cannot hold become text. Throws if the value nests too deep.
 */
function toJson(value: unknown, depth: number): JsonValue {
  if (depth > deepest)
    throw new RangeError(`it has more than ${deepest} levels, or a value that contains itself`);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) && !Object.is(value, -0) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1));
  if (typeof value !== "object") return null;
  const entries =
    value instanceof Map ? [...value] : value instanceof Set ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), toJson(item, depth + 1)]));
}

function describe(value: JsonValue): string {
  return Array.isArray(value) ? "a list" : `the ${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}

function invalid(reason: string, cause?: unknown): BinnacleError {
  const message = `the front matter is invalid, so it is not used: ${reason}`;
  return new BinnacleError("invalid_front_matter", message, { cause });
}

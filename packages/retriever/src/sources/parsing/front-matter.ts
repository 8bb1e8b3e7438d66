import { BinnacleError, type JsonValue, type Metadata } from "@binnacle/core";
import { isScalar, parseDocument, type Document } from "yaml";
import { frontMatterBlock } from "../../chunking/markdown/front-matter-block.ts";

/** What stands before a Markdown file's text. */
export interface FrontMatter {
  readonly metadata: Metadata;
  /** Its `title`, where that is a text or a number and not blank. */
  readonly title?: string | undefined;
  /** Why it could not be read; then there is no metadata. */
  readonly error?: BinnacleError | undefined;
}

const deepest = 32;

/**
 * Reads the YAML front matter that the Markdown chunker sees, too; undefined where the text has none. Of equal keys the
 * last one counts. Never throws.
 */
export function readFrontMatter(text: string): FrontMatter | undefined {
  const block = frontMatterBlock(text);
  if (block?.language !== "yaml") return undefined;
  try {
    // The check for equal keys compares each with all before it.
    const options = { logLevel: "silent", uniqueKeys: false } as const;
    const parsed = parseDocument(text.slice(block.content.start, block.content.end), options);
    const [problem] = parsed.errors;
    if (problem !== undefined) throw problem;
    const value: unknown = parsed.toJS();
    if (value === null || value === undefined) return { metadata: {} };
    const metadata = toJson(value, 0);
    if (isMetadata(metadata)) return { metadata, title: titleOf(metadata["title"], parsed) };
    return { metadata: {}, error: invalid(`it is ${describe(metadata)}, expected keys with values`) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { metadata: {}, error: invalid(reason, cause) };
  }
}

function isMetadata(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function titleOf(title: JsonValue | undefined, parsed: Document): string | undefined {
  if (typeof title === "string") return title.trim() || undefined;
  if (typeof title !== "number") return undefined;
  // As it is written: the number would not tell 1.10 from 1.1.
  const node = parsed.get("title", true);
  return isScalar(node) && node.value === title ? node.source : String(title);
}

/** Only what survives JSON: other numbers and values become text, as they stood in the file. */
function toJson(value: unknown, depth: number): JsonValue {
  if (depth > deepest) throw new RangeError(`more than ${deepest} levels, or a value that contains itself`);
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
  return new BinnacleError("invalid_front_matter", `the front matter is not used: ${reason}`, { cause });
}

import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { StoredChunk } from "../../spec/stored-chunk.ts";
import { isPlainObject } from "../../kit/parsing/plain-object.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import { metadataIssue } from "./metadata-issue.ts";

/** Returns a message if a field's value is invalid. */
type Rule = (value: unknown) => string | undefined;

const text: Rule = (value) => {
  if (typeof value !== "string") return `must be a string, got ${describeValue(value)}`;
  return value.isWellFormed() ? undefined : "holds half of a surrogate pair. Use toWellFormed()";
};
const optionalText: Rule = (value) => (value === undefined ? undefined : text(value));
const count: Rule = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? undefined
    : `must be a whole number of at least 0, got ${describeValue(value)}`;
const texts: Rule = (value) => {
  if (!Array.isArray(value)) return `must be an array of strings, got ${describeValue(value)}`;
  const list: readonly unknown[] = value;
  // list.map would skip holes.
  return Array.from(list, text).find((issue) => issue !== undefined);
};

const optionalJson: Rule = (value) =>
  value === undefined
    ? undefined
    : metadataIssue(value, {})
        ?.issues.map(({ message }) => message)
        .join("; ");

const RULES: Readonly<Record<keyof StoredChunk, Rule>> = {
  sourceId: text,
  documentId: text,
  slot: count,
  index: count,
  start: count,
  end: count,
  text,
  context: text,
  tokens: count,
  path: texts,
  contentHash: text,
  imageHash: optionalText,
  spaceId: optionalText,
  encoderId: optionalText,
  documentVersion: text,
  mediaType: text,
  title: optionalText,
  uri: optionalText,
  observed: optionalJson,
};
const rules: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES));

/** Returns an error if a chunk cannot be stored. With `part` it checks only the given fields. It checks types
 * too, because callers may use plain JavaScript. */
export function chunkIssue(chunk: unknown, extent: "whole" | "part"): BinnacleError | undefined {
  if (!isPlainObject(chunk)) return invalid(`\`chunk\` must be an object, got ${describeValue(chunk)}`);
  const missing = extent === "part" ? [] : [...rules.keys()].filter((key) => !Object.hasOwn(chunk, key));
  for (const key of [...Object.keys(chunk), ...missing]) {
    const rule = rules.get(key);
    if (rule === undefined)
      return invalid(`\`chunk.${key}\` is not a field of a chunk. Use \`metadata\` for your own fields.`);
    const issue = rule(chunk[key]);
    if (issue !== undefined) return invalid(`\`chunk.${key}\` ${issue}`);
  }
  return undefined;
}

/** Returns true if a stored value is a chunk. Unknown keys are ignored, because a newer release may write
 * them. */
export function isStoredChunk(value: unknown): value is StoredChunk {
  return isPlainObject(value) && [...rules].every(([key, rule]) => rule(value[key]) === undefined);
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_chunk", message);
}

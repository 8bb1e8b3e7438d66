import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { StoredChunk } from "../../spec/stored-chunk.ts";
import { isPlainObject } from "../../kit/parsing/plain-object.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import { metadataIssue } from "./metadata-issue.ts";

/** Says what is wrong with a field's value; undefined if it is sound. */
type Rule = (value: unknown) => string | undefined;

const text: Rule = (value) => {
  if (typeof value !== "string") return `is a string, got ${describeValue(value)}`;
  return value.isWellFormed() ? undefined : "holds half of a surrogate pair; use toWellFormed()";
};
const optionalText: Rule = (value) => (value === undefined ? undefined : text(value));
const count: Rule = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? undefined
    : `is a whole number from 0, got ${describeValue(value)}`;
const texts: Rule = (value) => {
  if (!Array.isArray(value)) return `is a list of strings, got ${describeValue(value)}`;
  const list: readonly unknown[] = value;
  // Not list.map, which skips holes.
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
  spaceId: optionalText,
  encoderId: optionalText,
  documentVersion: text,
  mediaType: text,
  title: optionalText,
  uri: optionalText,
  observed: optionalJson,
};
const rules: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES));

/** Why a chunk, or with `part` the fields of one, cannot be stored; undefined if it can. Callers may come from plain
 * JavaScript, where no compiler has looked at it. */
export function chunkIssue(chunk: unknown, extent: "whole" | "part"): BinnacleError | undefined {
  if (!isPlainObject(chunk)) return invalid(`chunk is an object, got ${describeValue(chunk)}`);
  const missing = extent === "part" ? [] : [...rules.keys()].filter((key) => !Object.hasOwn(chunk, key));
  for (const key of [...Object.keys(chunk), ...missing]) {
    const rule = rules.get(key);
    if (rule === undefined) return invalid(`chunk.${key} is no field of a chunk; use metadata for your own`);
    const issue = rule(chunk[key]);
    if (issue !== undefined) return invalid(`chunk.${key} ${issue}`);
  }
  return undefined;
}

/** Says whether a stored value is a chunk. It may have keys that this release does not know. */
export function isStoredChunk(value: unknown): value is StoredChunk {
  return isPlainObject(value) && [...rules].every(([key, rule]) => rule(value[key]) === undefined);
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_chunk", message);
}

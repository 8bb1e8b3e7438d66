import { ConfigurationError, type EmbedInput } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

const allowed: readonly string[] = ["text", "image"] satisfies readonly (keyof Exclude<EmbedInput, string>)[];

/** Throws a `ConfigurationError` unless the value is a query: a string, or an object with `text`, `image` or both. */
export function checkQuery(query: unknown): void {
  const issue = queryIssue(query);
  if (issue !== undefined) throw new ConfigurationError(`retrieve: ${issue}`);
}

function queryIssue(query: unknown): string | undefined {
  if (typeof query === "string") return undefined;
  if (typeof query !== "object" || query === null || Array.isArray(query) || query instanceof Promise)
    return `query: expected a string or { text, image }, got ${describeValue(query)}`;
  const unknown = Object.keys(query).find((key) => !allowed.includes(key));
  if (unknown !== undefined)
    return `query: \`${unknown}\` is not part of a query; it may have ${allowed.join(" and ")}`;
  const text: unknown = Reflect.get(query, "text");
  if (text !== undefined && typeof text !== "string")
    return `query.text: expected a string, got ${describeValue(text)}`;
  const image: unknown = Reflect.get(query, "image");
  return image === undefined || isMediaPart(image)
    ? undefined
    : `query.image: expected { mediaType, data } with data in a Uint8Array, got ${describeValue(image)}`;
}

function isMediaPart(image: unknown): boolean {
  if (typeof image !== "object" || image === null) return false;
  return (
    typeof Reflect.get(image, "mediaType") === "string" && Reflect.get(image, "data") instanceof Uint8Array
  );
}

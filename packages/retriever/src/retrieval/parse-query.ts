import { ConfigurationError } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

/** Throws a `ConfigurationError` unless the value is a query: a string, or an object with `content`, a list of parts. */
export function checkQuery(query: unknown): void {
  const issue = queryIssue(query);
  if (issue !== undefined) throw new ConfigurationError(`retrieve: ${issue}`);
}

function queryIssue(query: unknown): string | undefined {
  if (typeof query === "string") return undefined;
  if (typeof query !== "object" || query === null || Array.isArray(query) || query instanceof Promise)
    return `query: expected a string or { content }, got ${describeValue(query)}`;
  const unknown = Object.keys(query).find((key) => key !== "content");
  if (unknown !== undefined)
    return `query: \`${unknown}\` is not part of a query; give a string or { content: [parts] }`;
  const content: unknown = Reflect.get(query, "content");
  if (!Array.isArray(content))
    return `query.content: expected a list of parts, got ${describeValue(content)}`;
  const issues = content.map((part: unknown, index) => partIssue(part, `query.content.${index}`));
  return issues.find((issue) => issue !== undefined);
}

function partIssue(part: unknown, path: string): string | undefined {
  const fields = typeof part === "object" && part !== null ? part : {};
  const [type, text, image]: readonly unknown[] = ["type", "text", "image"].map((name) =>
    Reflect.get(fields, name),
  );
  if (type === "text")
    return typeof text === "string"
      ? undefined
      : `${path}.text: expected a string, got ${describeValue(text)}`;
  if (type === "image")
    return isMediaPart(image)
      ? undefined
      : `${path}.image: expected { mediaType, data } with data in a Uint8Array, got ${describeValue(image)}`;
  return `${path}: expected { type: "text", text } or { type: "image", image }, got ${describeValue(part)}`;
}

function isMediaPart(image: unknown): boolean {
  if (typeof image !== "object" || image === null) return false;
  return (
    typeof Reflect.get(image, "mediaType") === "string" && Reflect.get(image, "data") instanceof Uint8Array
  );
}

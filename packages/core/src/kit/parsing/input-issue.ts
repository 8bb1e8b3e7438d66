import { describeValue } from "./describe-value.ts";

/**
 * Describes why a value is not a valid input of an embedder. Undefined if it is valid: a string, or an object
 * with a list of parts in `content`. `path` names the value in the message.
 */
export function inputIssue(input: unknown, path: string): string | undefined {
  if (typeof input === "string") return undefined;
  if (typeof input !== "object" || input === null || Array.isArray(input) || "then" in input)
    return `${path}: expected a string or { content }, got ${describeValue(input)}`;
  const unknown = Object.keys(input).find((key) => key !== "content");
  if (unknown !== undefined)
    return `${path}: \`${unknown}\` is not a key of an input. Pass a string or { content: [parts] }`;
  const content: unknown = Reflect.get(input, "content");
  if (!Array.isArray(content))
    return `${path}.content: expected a list of parts, got ${describeValue(content)}`;
  const issues = content.map((part: unknown, index) => partIssue(part, `${path}.content.${index}`));
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

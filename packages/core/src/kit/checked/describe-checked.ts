import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { Embedder, EmbedderInfo } from "../../spec/embedder.ts";
import { describeValue } from "../parsing/describe-value.ts";

/** Calls an embedder's `describe` and checks the result. Throws an `InvalidResponseError` if the result is
 * invalid. */
export async function describeChecked(embedder: Embedder, options?: CallOptions): Promise<EmbedderInfo> {
  const info: EmbedderInfo = await embedder.describe(options);
  const given: unknown = info;
  const issue = infoIssue(given);
  if (issue === undefined) return info;
  throw new InvalidResponseError(`The embedder's \`describe()\` must return an EmbedderInfo: ${issue}.`);
}

function infoIssue(info: unknown): string | undefined {
  if (typeof info !== "object" || info === null) return `got ${describeValue(info)}`;
  const space: unknown = Reflect.get(info, "space");
  if (typeof space !== "object" || space === null) return `\`space\` is ${describeValue(space)}`;
  const id: unknown = Reflect.get(space, "id");
  if (typeof id !== "string" || id === "")
    return `\`space.id\` must be a string with at least one character, got ${describeValue(id)}`;
  const counts: readonly (readonly [string, unknown])[] = [
    ["space.dimensions", Reflect.get(space, "dimensions")],
    ["maxItems", Reflect.get(info, "maxItems")],
    ["concurrency", Reflect.get(info, "concurrency")],
  ];
  const bad = counts.find(([, count]) => !Number.isSafeInteger(count) || Number(count) < 1);
  return bad && `\`${bad[0]}\` must be a whole number of at least 1, got ${describeValue(bad[1])}`;
}

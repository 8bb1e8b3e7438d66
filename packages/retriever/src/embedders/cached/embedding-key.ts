import { createHash, hash } from "node:crypto";
import type { EmbedInput, EmbedRole } from "@binnacle/core";

/** What a cached vector depends on beside the input itself. */
export interface EmbeddingKeyScope {
  readonly tenant: string | undefined;
  readonly spaceId: string;
  readonly role: EmbedRole;
}

/**
 * Makes the cache keys of one space, role and tenant: SHA-256 over those and the exact input, so that no text can be
 * read from a key. Inputs that differ in anything have different keys; `"x"` and `{ text: "x" }` are one input.
 */
export function embeddingKeys(scope: EmbeddingKeyScope): (input: EmbedInput) => string {
  // JSON holds no line break, so where the scope ends and the input begins is never in doubt.
  const prefix = `${JSON.stringify([scope.tenant ?? null, scope.spaceId, scope.role])}\n`;
  const textPrefix = `${prefix}text\n`;
  return (input) =>
    // UTF-8 maps every lone surrogate to one character; `digest` keeps them apart.
    typeof input === "string" && input.isWellFormed()
      ? `embedding:1:${hash("sha256", textPrefix + input, "base64url")}`
      : `embedding:1:${digest(prefix, input)}`;
}

function digest(prefix: string, input: EmbedInput): string {
  const text = typeof input === "string" ? input : input.text;
  const image = typeof input === "string" ? undefined : input.image;
  if (image === undefined && text !== undefined) {
    const exact = text.isWellFormed() ? `text\n${text}` : `json\n${JSON.stringify(text)}`;
    return hash("sha256", prefix + exact, "base64url");
  }
  const parts = JSON.stringify([text ?? null, image?.mediaType ?? null]);
  return createHash("sha256")
    .update(`${prefix}parts\n${parts}\n`)
    .update(image?.data ?? "")
    .digest("base64url");
}

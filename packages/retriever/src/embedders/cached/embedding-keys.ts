import { createHash, hash } from "node:crypto";
import type { ContentPart, EmbedInput, EmbedRole } from "@binnacle/core";

/** What a cached vector depends on beside the input itself. */
export interface EmbeddingKeyScope {
  readonly tenant: string | undefined;
  readonly spaceId: string;
  readonly role: EmbedRole;
}

/** Changes with the format of keys and values, so that a cache can outlive a release that changes it. */
const version = 1;
/** The digest of the scope, then two zeros: the text follows as UTF-16. */
const textStart = 34;

/**
 * Makes one cache key per input: SHA-256 over tenant, space, role and the exact input, so that no text can be read from a
 * key. Inputs that differ in anything have different keys; `"x"` and one part with that text are one input. A text is hashed as
 * UTF-16, as it lies in memory: UTF-8 takes longer to make and has one form for all lone surrogates.
 */
export function embeddingKeys(
  inputs: readonly EmbedInput[],
  { tenant, spaceId, role }: EmbeddingKeyScope,
): readonly string[] {
  const names = JSON.stringify(["embedding", version, tenant ?? null, spaceId, role]);
  const scope = createHash("sha256").update(names).digest();
  const longest = inputs.reduce((most, input) => Math.max(most, textAlone(input)?.length ?? 0), 0);
  const scratch = Buffer.alloc(textStart + 2 * longest);
  scratch.set(scope);
  return inputs.map((input) => {
    const text = textAlone(input);
    if (text === undefined) return partsDigest(scope, typeof input === "string" ? [] : input.content);
    const end = textStart + scratch.write(text, textStart, "utf16le");
    return hash("sha256", scratch.subarray(0, end), "base64url");
  });
}

/** Undefined for an input that is not one text. */
function textAlone(input: EmbedInput): string | undefined {
  if (typeof input === "string") return input;
  const [part] = input.content;
  return input.content.length === 1 && part?.type === "text" ? part.text : undefined;
}

/** The scope is followed by no zeros, so no text has the digest of parts. */
function partsDigest(scope: Uint8Array, content: readonly ContentPart[]): string {
  const digest = createHash("sha256").update(scope);
  // JSON holds no line break, and it tells the image's length, so it is certain where a part ends.
  for (const part of content) {
    if (part.type === "text") digest.update(`part${JSON.stringify(part.text)}\n`);
    else {
      const { mediaType, data } = part.image;
      digest.update(`part${JSON.stringify([mediaType, data.byteLength])}\n`).update(data);
    }
  }
  return digest.update("parts\n").digest("base64url");
}

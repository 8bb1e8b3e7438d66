import { createHash, hash } from "node:crypto";
import type { ContentPart, EmbedInput, EmbedRole } from "@binnacle/core";

/** The values that a cached vector depends on, besides its input. */
export interface EmbeddingKeyScope {
  readonly tenant: string | undefined;
  readonly spaceId: string;
  readonly role: EmbedRole;
}

/**
 * The version of the format of keys and values. It changes with the format, because a cache may outlive a
 * release.
 */
const version = 1;
/** The offset of the text, in UTF-16, after the scope's digest and two zeros. */
const textStart = 34;

/**
 * Makes one cache key per input: the SHA-256 of tenant, space, role and the exact input. The key reveals no
 * text. Different inputs have different keys, but `"x"` and a single part with that text count as one input.
 * A text is hashed as UTF-16, because UTF-8 is slower and maps all lone surrogates to the same bytes.
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

/** Returns the text of an input that consists of a single text. Undefined for other inputs. */
function textAlone(input: EmbedInput): string | undefined {
  if (typeof input === "string") return input;
  const [part] = input.content;
  return input.content.length === 1 && part?.type === "text" ? part.text : undefined;
}

/** Hashes an input of several parts. No zeros follow the scope, so a text never has the same digest. */
function partsDigest(scope: Uint8Array, content: readonly ContentPart[]): string {
  const digest = createHash("sha256").update(scope);
  // The JSON contains no line break but the image's length, so the end of each part is unambiguous.
  for (const part of content) {
    if (part.type === "text") digest.update(`part${JSON.stringify(part.text)}\n`);
    else {
      const { mediaType, data } = part.image;
      digest.update(`part${JSON.stringify([mediaType, data.byteLength])}\n`).update(data);
    }
  }
  return digest.update("parts\n").digest("base64url");
}

import { createHash, hash } from "node:crypto";
import type { EmbedInput, EmbedRole } from "@binnacle/core";

/** What a cached vector depends on beside the input itself. */
export interface EmbeddingKeyScope {
  readonly tenant: string | undefined;
  readonly spaceId: string;
  readonly role: EmbedRole;
}

/** Enough for the texts of chunks and queries; a longer one is written into memory of its own. */
const scratchBytes = 16 * 1024;

/**
 * Makes cache keys: SHA-256 over tenant, space, role and the exact input, so that no text can be read from a key. Inputs
 * that differ in anything have different keys; `"x"` and `{ text: "x" }` are one input.
 */
export class EmbeddingKeys {
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);

  /** The key of each input, in their order. */
  of(inputs: readonly EmbedInput[], scope: EmbeddingKeyScope): readonly string[] {
    // JSON holds no line break, so where the scope ends and the input begins is never in doubt.
    const prefix = `${JSON.stringify([scope.tenant ?? null, scope.spaceId, scope.role])}\n`;
    const digestOf = this.#textDigests(`${prefix}text\n`);
    return inputs.map((input) => {
      const { text, image } = typeof input === "string" ? { text: input, image: undefined } : input;
      const digest =
        text !== undefined && image === undefined ? digestOf(text) : partsDigest(prefix, text, image);
      return `embedding:1:${digest}`;
    });
  }

  /**
   * Texts are hashed as UTF-16, as they lie in memory. UTF-8 would take twice the time to make of a text with a single
   * character beyond Latin-1, and has one form for all lone surrogates.
   */
  #textDigests(prefix: string): (text: string) => string {
    const start = Buffer.byteLength(prefix);
    let buffer = this.#scratch;
    buffer.write(prefix);
    return (text) => {
      const end = start + 2 * text.length;
      if (end > buffer.length) {
        buffer = Buffer.allocUnsafe(end);
        buffer.write(prefix);
      }
      buffer.write(text, start, "utf16le");
      return hash("sha256", buffer.subarray(0, end), "base64url");
    };
  }
}

function partsDigest(
  prefix: string,
  text: string | undefined,
  image: Exclude<EmbedInput, string>["image"],
): string {
  const parts = JSON.stringify([text ?? null, image?.mediaType ?? null]);
  return createHash("sha256")
    .update(`${prefix}parts\n${parts}\n`)
    .update(image?.data ?? "")
    .digest("base64url");
}

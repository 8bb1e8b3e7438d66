import { createHash } from "node:crypto";
import type { EmbedInput, EmbedRole } from "@binnacle/core";
import { RememberedKeys } from "./remembered-keys.ts";
import { TextDigests } from "./text-digests.ts";

/** What a cached vector depends on beside the input itself. */
export interface EmbeddingKeyScope {
  readonly tenant: string | undefined;
  readonly spaceId: string;
  readonly role: EmbedRole;
}

interface Scope {
  readonly number: number;
  readonly digest: Uint8Array;
}

/** Of the format of keys and values, so that a cache can outlive a release that changes it. */
const version = 1;
/** Both roles of a space, and of those it had before. */
const maxScopes = 16;

/**
 * Makes cache keys: SHA-256 over tenant, space, role and the exact input, so that no text can be read from a key. Inputs
 * that differ in anything have different keys; `"x"` and `{ text: "x" }` are one input. The digest is the whole key: to
 * put a name before it would cost as much as to find it in a cache of this process.
 */
export class EmbeddingKeys {
  readonly #digests = new TextDigests();
  readonly #remembered: RememberedKeys;
  readonly #scopes = new Map<string, Scope>();
  #scopesSeen = 0;

  /** `maxRememberedBytes`: of texts and their keys. */
  constructor(maxRememberedBytes: number) {
    this.#remembered = new RememberedKeys(maxRememberedBytes);
  }

  /** The key of each input, in their order. */
  of(inputs: readonly EmbedInput[], { tenant, spaceId, role }: EmbeddingKeyScope): readonly string[] {
    const scope = this.#scope(JSON.stringify(["embedding", version, tenant ?? null, spaceId, role]));
    const digest = (text: string): string => this.#digests.of(scope.digest, text);
    return inputs.map((input) => {
      const { text, image } = typeof input === "string" ? { text: input, image: undefined } : input;
      return text !== undefined && image === undefined
        ? this.#remembered.keyOf(text, scope.number, digest)
        : partsDigest(scope.digest, text, image);
    });
  }

  /** Lets go of the texts. */
  clear(): void {
    this.#remembered.clear();
  }

  #scope(names: string): Scope {
    const known = this.#scopes.get(names);
    if (known !== undefined) return known;
    if (this.#scopes.size === maxScopes) this.#scopes.clear();
    const scope = { number: this.#scopesSeen++, digest: createHash("sha256").update(names).digest() };
    this.#scopes.set(names, scope);
    return scope;
  }
}

/** After the scope stands no way to write a text, so no text has the digest of parts. */
function partsDigest(
  scope: Uint8Array,
  text: string | undefined,
  image: Exclude<EmbedInput, string>["image"],
): string {
  // JSON holds no line break, so where it ends and the image begins is never in doubt.
  const parts = JSON.stringify([text ?? null, image?.mediaType ?? null]);
  return createHash("sha256")
    .update(scope)
    .update(`parts${parts}\n`)
    .update(image?.data ?? "")
    .digest("base64url");
}

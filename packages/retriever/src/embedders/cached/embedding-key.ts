import { createHash } from "node:crypto";
import type { ContentPart, EmbedInput, EmbedRole } from "@binnacle/core";
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
 * that differ in anything have different keys; `"x"` and one part with that text are one input. The digest is the whole key: to
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
      const text = textAlone(input);
      return text === undefined
        ? partsDigest(scope.digest, typeof input === "string" ? [] : input.content)
        : this.#remembered.keyOf(text, scope.number, digest);
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

function textAlone(input: EmbedInput): string | undefined {
  if (typeof input === "string") return input;
  const [part] = input.content;
  return input.content.length === 1 && part?.type === "text" ? part.text : undefined;
}

/** After the scope stands no way to write a text, so no text has the digest of parts. */
function partsDigest(scope: Uint8Array, content: readonly ContentPart[]): string {
  const hash = createHash("sha256").update(scope);
  // JSON holds no line break, and it tells the image's length, so where a part ends is never in doubt.
  for (const part of content) {
    if (part.type === "text") hash.update(`part${JSON.stringify(part.text)}\n`);
    else {
      const { mediaType, data } = part.image;
      hash.update(`part${JSON.stringify([mediaType, data.byteLength])}\n`).update(data);
    }
  }
  return hash.update("parts\n").digest("base64url");
}

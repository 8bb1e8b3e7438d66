import {
  BinnacleError,
  type CallOptions,
  type Embedder,
  type EmbedOptions,
  type StoredPoint,
} from "@binnacle/core";
import { normalized, metadataText } from "@binnacle/core/kit";
import { userProfilesCollection } from "../collections/collection-presets.ts";
import { embedText, spaceOf } from "./embed-text.ts";
import {
  checkRange,
  checkText,
  parseKnowledgeOptions,
  type KnowledgeStoreOptions,
  type ParsedKnowledgeOptions,
} from "./knowledge-options.ts";
import { addInterest, blendVectors, type Interest } from "./interest.ts";
import { Records } from "./records.ts";

/** Options of {@link createProfiles}. */
export interface ProfilesOptions extends KnowledgeStoreOptions {
  /** Name of the collection. @default "user_profiles" */
  readonly collection?: string | undefined;
}

/** A user's interests. */
export interface Profile {
  readonly user: string;
  /** The mean direction of what the user was interested in, of length 1. Older interests count less. */
  readonly vector: Float32Array;
  /** From 0, interests in all directions, to 1, a single interest. */
  readonly focus: number;
  /** Sum of the weights, after their decay. */
  readonly mass: number;
  /** Epoch milliseconds of the last interest. */
  readonly updatedAt: number;
}

/** Options of {@link Profiles.observe}. */
export interface ObserveInterestOptions extends CallOptions {
  /** Above 0 up to 1: how strong the interest is. Below 0: the user dislikes it. @default 1 */
  readonly weight?: number | undefined;
}

/** Keeps one vector for each user. */
export interface Profiles {
  /** Adds a text or a vector that the user was interested in. Safe for concurrent calls. */
  observe(user: string, interest: string | Float32Array, options?: ObserveInterestOptions): Promise<Profile>;
  /** Returns the user's profile. Undefined without a profile. */
  get(user: string, options?: CallOptions): Promise<Profile | undefined>;
  /**
   * Returns an embedder whose vectors of queries lean towards the user's profile: `(1 − weight) × query +
   * weight × focus × profile`. Documents stay as they are. Do not put it before a shared cache of vectors or
   * results, because its vectors belong to one user.
   */
  embedderFor(user: string, options?: { readonly weight?: number | undefined }): Embedder;
  /** Deletes the user's profile. Returns false if there was none. */
  forget(user: string, options?: CallOptions): Promise<boolean>;
}

const maxAttempts = 8;

/** Creates profiles in any store. Does no I/O before the first call. */
export function createProfiles(options: ProfilesOptions): Profiles {
  return new StoredProfiles(parseKnowledgeOptions("createProfiles", options, "user_profiles"));
}

class StoredProfiles implements Profiles {
  readonly #options: ParsedKnowledgeOptions;
  readonly #records: Records;

  constructor(options: ParsedKnowledgeOptions) {
    const { store, embedder, tenant, collection } = options;
    this.#options = options;
    const spec = async (call: CallOptions) => userProfilesCollection(await spaceOf(embedder, call));
    this.#records = new Records({ store, collection, tenant, source: "profiles", spec });
  }

  async observe(
    user: string,
    interest: string | Float32Array,
    options: ObserveInterestOptions = {},
  ): Promise<Profile> {
    const { weight = 1, ...call } = options;
    checkText("observe", "user", user);
    checkRange("observe", { weight }, -1, 1);
    const { embedder, clock, halfLifeMs } = this.#options;
    const vector =
      typeof interest === "string"
        ? await embedText(embedder, interest, { ...call, role: "query" })
        : interest;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const before = await this.#records.get(user, call);
      const now = clock.now();
      const next = addInterest(interestOf(before), vector, { weight, now, halfLifeMs });
      const { direction: dense, focus, mass } = next;
      const metadata = { user_id: user, updated_at: new Date(now).toISOString(), focus, mass };
      const record = { key: user, text: "", metadata, dense, ifVersion: before?.version ?? 0 };
      if (await this.#records.put(record, call)) return { user, vector: dense, focus, mass, updatedAt: now };
    }
    throw new BinnacleError(
      "version_conflict",
      `observe: the profile of this user changed ${maxAttempts} times during the call. Try again.`,
      { retryable: true },
    );
  }

  async get(user: string, options: CallOptions = {}): Promise<Profile | undefined> {
    checkText("get", "user", user);
    const found = interestOf(await this.#records.get(user, options));
    if (found === undefined) return undefined;
    const { direction: vector, focus, mass, at } = found;
    return { user, vector, focus, mass, updatedAt: at };
  }

  embedderFor(user: string, { weight = 0.2 }: { readonly weight?: number | undefined } = {}): Embedder {
    checkText("embedderFor", "user", user);
    checkRange("embedderFor", { weight }, 0, 1);
    const { embedder } = this.#options;
    return {
      describe: (options) => embedder.describe(options),
      embed: async (inputs, options: EmbedOptions) => {
        const { role, signal, deadlineAt, traceparent } = options;
        const [result, profile] = await Promise.all([
          embedder.embed(inputs, options),
          role === "query" ? this.get(user, { signal, deadlineAt, traceparent }) : undefined,
        ]);
        if (profile === undefined) return result;
        const outcomes = result.outcomes.map((outcome) =>
          outcome instanceof Float32Array ? blendVectors(outcome, profile, weight) : outcome,
        );
        return { ...result, outcomes };
      },
      close: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async forget(user: string, options: CallOptions = {}): Promise<boolean> {
    checkText("forget", "user", user);
    return (await this.#records.deleteWhere({ user_id: user }, options)) > 0;
  }
}

function interestOf(point: StoredPoint | undefined): Interest | undefined {
  if (point?.dense === undefined) return undefined;
  const { focus, mass } = point.metadata;
  return {
    direction: normalized(point.dense),
    focus: Number(focus),
    mass: Number(mass),
    at: Date.parse(metadataText(point.metadata, "updated_at")),
  };
}

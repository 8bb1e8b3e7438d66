import type { CallOptions } from "@binnacle/core";
import { learningDataCollection } from "../collections/collection-presets.ts";
import { bestPractices, type Practice } from "./best-practices.ts";
import { embedText, spaceOf } from "./embed-text.ts";
import {
  checkRange,
  checkText,
  parseKnowledgeOptions,
  type KnowledgeStoreOptions,
  type ParsedKnowledgeOptions,
} from "./knowledge-options.ts";
import { Records } from "./records.ts";
import { createHash } from "node:crypto";

/** Options of {@link createKnowledge}. */
export interface KnowledgeOptions extends KnowledgeStoreOptions {
  /** Name of the collection. @default "learning_data" */
  readonly collection?: string | undefined;
}

/** A question and the answer that a user judged. */
export interface Interaction {
  readonly query: string;
  readonly response: string;
  /** Id of the user. The feedback of one user to one response counts once, the last time. */
  readonly user: string;
  /** True if the user agrees that the texts are stored. */
  readonly consent: boolean;
}

/** The result of {@link Knowledge.learn}. */
export type LearnOutcome = "stored" | "no_consent" | "opted_out";

/** Options of {@link Knowledge.improve}. */
export interface ImproveOptions extends CallOptions {
  /** Most practices returned. @default 3 */
  readonly limit?: number | undefined;
  /** Least similarity of the past query. @default the space's `suggestedMinScore`, or none */
  readonly minSimilarity?: number | undefined;
}

/** The past responses from which the next answer can learn. */
export interface Improvement {
  /** Responses that users liked, best first. */
  readonly practices: readonly Practice[];
  /** Number of similar interactions that were read. */
  readonly considered: number;
  /** Number of similar responses that users disliked on balance. They are left out. */
  readonly rejected: number;
}

/** Learns from feedback which responses help. */
export interface Knowledge {
  /**
   * Stores an interaction with its feedback, from −1 to 1. Stores nothing without consent, or if the user
   * opted out. Rejects with a `ConfigurationError` if a value is out of range.
   */
  learn(interaction: Interaction, feedback: number, options?: CallOptions): Promise<LearnOutcome>;
  /**
   * Returns past responses to similar queries. A response counts by the similarity of its query times its
   * feedback over all users, where older feedback counts less. Responses that are disliked on balance are
   * left out.
   */
  improve(query: string, options?: ImproveOptions): Promise<Improvement>;
  /** Deletes the user's interactions and stores no more of them. Returns the number of deleted ones. */
  optOut(user: string, options?: CallOptions): Promise<number>;
  /** Allows to store the user's interactions again. */
  optIn(user: string, options?: CallOptions): Promise<void>;
  /**
   * Deletes everything about the user, also the opt-out, and also after the embedder changed. Returns the
   * number of deleted records.
   */
  forget(user: string, options?: CallOptions): Promise<number>;
}

/** Interactions that are read for each practice. */
const candidatesPerPractice = 20;

/** Creates knowledge in any store. Does no I/O before the first call. */
export function createKnowledge(options: KnowledgeOptions): Knowledge {
  return new StoredKnowledge(parseKnowledgeOptions("createKnowledge", options, "learning_data"));
}

class StoredKnowledge implements Knowledge {
  readonly #options: ParsedKnowledgeOptions;
  readonly #records: Records;

  constructor(options: ParsedKnowledgeOptions) {
    const { store, embedder, tenant, collection } = options;
    this.#options = options;
    const spec = async (call: CallOptions) => learningDataCollection(await spaceOf(embedder, call));
    this.#records = new Records({ store, collection, tenant, source: "knowledge", spec });
  }

  async learn(interaction: Interaction, feedback: number, options: CallOptions = {}): Promise<LearnOutcome> {
    const { query, response, user, consent } = interaction;
    checkText("learn", "query", query);
    checkText("learn", "response", response);
    checkText("learn", "user", user);
    checkRange("learn", { feedback }, -1, 1);
    if (consent !== true) return "no_consent";
    if ((await this.#records.get(optOutKey(user), options)) !== undefined) return "opted_out";
    const responseId = digest(response);
    await this.#records.put(
      {
        key: JSON.stringify(["interaction", user, digest(query), responseId]),
        text: query,
        metadata: {
          kind: "interaction",
          user_id: user,
          response_id: responseId,
          feedback_score: feedback,
          timestamp: new Date(this.#options.clock.now()).toISOString(),
          response: response.toWellFormed(),
        },
        dense: await embedText(this.#options.embedder, query, { ...options, role: "query" }),
      },
      options,
    );
    return "stored";
  }

  async improve(query: string, options: ImproveOptions = {}): Promise<Improvement> {
    const { limit = 3, minSimilarity, ...call } = options;
    checkText("improve", "query", query);
    checkRange("improve", { limit }, 1, 100);
    const { embedder, clock, halfLifeMs } = this.#options;
    const dense = await embedText(embedder, query, { ...call, role: "query" });
    const { space } = await embedder.describe(call);
    const { collection } = await this.#records.open(call);
    const hits = await collection.search(
      {
        legs: [{ dense, minScore: minSimilarity ?? space.suggestedMinScore }],
        filter: { kind: "interaction" },
        limit: limit * candidatesPerPractice,
      },
      call,
    );
    const { practices, rejected } = bestPractices(hits, { now: clock.now(), halfLifeMs });
    return { practices: practices.slice(0, limit), considered: hits.length, rejected };
  }

  async optOut(user: string, options: CallOptions = {}): Promise<number> {
    const removed = await this.forget(user, options);
    const { spec } = await this.#records.open(options);
    // The mark is never searched, but a point needs a vector.
    const dense = new Float32Array(spec.dense?.dimensions ?? 1).fill(1, 0, 1);
    const metadata = { kind: "opt_out", user_id: user };
    await this.#records.put({ key: optOutKey(user), text: "", metadata, dense }, options);
    return removed;
  }

  async optIn(user: string, options: CallOptions = {}): Promise<void> {
    checkText("optIn", "user", user);
    await this.#records.deleteWhere({ user_id: user, kind: "opt_out" }, options);
  }

  async forget(user: string, options: CallOptions = {}): Promise<number> {
    checkText("forget", "user", user);
    return this.#records.deleteWhere({ user_id: user }, options);
  }
}

function optOutKey(user: string): string {
  return JSON.stringify(["opt_out", user]);
}

function digest(text: string): string {
  return createHash("sha256").update(text.trim()).digest("hex").slice(0, 32);
}

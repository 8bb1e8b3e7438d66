import { ConfigurationError, type Cache, type CallOptions, type Tokenizer } from "@binnacle/core";
import { canonicalDigest, isPlainObject, parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import type { ConversationTurn } from "../answering/conversation/conversation-turn.ts";
import { recentTurns } from "../answering/conversation/recent-turns.ts";
import { createEstimatingTokenizer } from "../chunking/tokenizer/create-estimating-tokenizer.ts";

/** Options of {@link createConversations}. */
export interface ConversationsOptions {
  /** Keeps the turns: a `MemoryCache`, or a `RedisCache` that all processes share. */
  readonly cache: Cache;
  /** Most tokens of one conversation. The oldest turns are dropped whole. @default 4000 */
  readonly maxTokens?: number | undefined;
  /** Time after the last turn until a conversation is dropped, in milliseconds. @default one day */
  readonly ttlMs?: number | undefined;
  /** Counts the tokens. @default an estimating tokenizer */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
}

/** Names a conversation. */
export interface ConversationKey {
  /** Id of the authenticated user. Another owner cannot read the conversation, even with the same session. */
  readonly owner: string;
  /** Id of the session, which the client may choose. */
  readonly session: string;
}

/** Keeps the turns of conversations. */
export interface Conversations {
  /** Returns the turns, oldest first, for the call option `history` of an answerer. Empty if the conversation is
   * new, was dropped, or the cache fails. */
  turns(key: ConversationKey, options?: CallOptions): Promise<readonly ConversationTurn[]>;
  /** Adds a turn and returns the turns that are kept. Calls of one process for one conversation take turns. */
  append(
    key: ConversationKey,
    turn: ConversationTurn,
    options?: CallOptions,
  ): Promise<readonly ConversationTurn[]>;
  /** Deletes a conversation. */
  forget(key: ConversationKey, options?: CallOptions): Promise<void>;
}

const schema = z.strictObject({
  cache: part<Cache>(["getMany", "setMany", "deleteMany"], "a Cache, such as new MemoryCache()"),
  maxTokens: z.int().positive().default(4000),
  ttlMs: z
    .int()
    .positive()
    .default(24 * 3_600_000),
  tokenizer: part<Pick<Tokenizer, "count">>(["count"], "a Tokenizer").default(() =>
    createEstimatingTokenizer(),
  ),
});

/**
 * Creates conversations in a cache. A cache may drop values, so a conversation can begin anew at any time. Two
 * processes that append to one conversation at the same moment may lose one of the two turns.
 */
export function createConversations(options: ConversationsOptions): Conversations {
  const { cache, maxTokens, ttlMs, tokenizer } = parseOptions("createConversations", schema, options);
  // The last append of each conversation that is under way.
  const underWay = new Map<string, Promise<unknown>>();
  const read = async (id: string, call: CallOptions): Promise<readonly ConversationTurn[]> => {
    const [bytes] = await cache.getMany([id], call);
    return bytes === undefined ? [] : parseTurns(bytes);
  };
  const add = async (id: string, turn: ConversationTurn, call: CallOptions) => {
    const { turns } = recentTurns([...(await read(id, call)), turn], maxTokens, tokenizer);
    await cache.setMany([[id, new TextEncoder().encode(JSON.stringify(turns))]], { ...call, ttlMs });
    return turns;
  };
  return {
    turns: async (key, call = {}) => read(idOf("turns", key), call),
    append: async (key, turn, call = {}) => {
      const id = idOf("append", key);
      if (!isTurn(turn))
        throw new ConfigurationError(
          "append: a turn needs the texts `question` and `answer`, both not empty.",
        );
      const { question, answer } = turn;
      const before = underWay.get(id) ?? Promise.resolve();
      const work = before.then(() => add(id, { question, answer }, call));
      const settled = work.catch(() => undefined);
      underWay.set(id, settled);
      try {
        return await work;
      } finally {
        if (underWay.get(id) === settled) underWay.delete(id);
      }
    },
    forget: async (key, call = {}) => cache.deleteMany([idOf("forget", key)], call),
  };
}

/** Returns the key in the cache, from which no name can be read. */
function idOf(label: string, { owner, session }: ConversationKey): string {
  for (const [name, value] of Object.entries({ owner, session }))
    if (typeof value !== "string" || value === "" || value.length > 512)
      throw new ConfigurationError(`${label}: \`${name}\` must be a text of 1 to 512 characters.`);
  return canonicalDigest(["conversation 1", owner, session]);
}

function isTurn(value: unknown): value is ConversationTurn {
  if (!isPlainObject(value)) return false;
  return [value["question"], value["answer"]].every((text) => typeof text === "string" && text.trim() !== "");
}

/** Reads stored turns. A value that is damaged or of another version counts as no conversation. */
function parseTurns(bytes: Uint8Array): readonly ConversationTurn[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(value) && value.every(isTurn) ? value : [];
  } catch {
    return [];
  }
}

import type { Tokenizer } from "@binnacle/core";
import { parseOptions, part, systemClock, type Clock, once } from "@binnacle/core/kit";
import { z } from "zod";
import { createEstimatingTokenizer } from "../chunking/tokenizer/create-estimating-tokenizer.ts";
import type { ConversationStore } from "./conversation-store.ts";

/** Options of {@link createConversations}. */
export interface ConversationsOptions {
  /** Keeps the turns: a `MemoryConversations`, or a `RedisConversations` that all processes share. The
   * conversations do not close it. */
  readonly store: ConversationStore;
  /** Most tokens of one conversation. The oldest turns are dropped whole. @default 4000 */
  readonly maxTokens?: number | undefined;
  /** Most bytes of one conversation. The oldest turns are dropped whole. @default 65_536 */
  readonly maxBytes?: number | undefined;
  /** Most conversations of one owner. Those with the oldest last turn are dropped. @default 100 */
  readonly maxPerOwner?: number | undefined;
  /** Time after the last turn until a conversation is dropped, in milliseconds. @default one day */
  readonly ttlMs?: number | undefined;
  /** Longest time that a conversation stays open, in milliseconds. Then another caller may open it, although
   * the first one has not closed it. @default 150_000 */
  readonly openForMs?: number | undefined;
  /** Counts the tokens. @default an estimating tokenizer */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /** Tells the times of turns. @default the system's */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

const methods = ["read", "list", "lock", "unlock", "write", "remove"] as const;

const schema = once(() =>
  z.strictObject({
    store: part<ConversationStore>(methods, "a ConversationStore, such as new MemoryConversations()"),
    maxTokens: z.int().positive().default(4000),
    maxBytes: z.int().positive().default(65_536),
    maxPerOwner: z.int().positive().default(100),
    ttlMs: z
      .int()
      .positive()
      .default(24 * 3_600_000),
    openForMs: z.int().positive().default(150_000),
    tokenizer: part<Pick<Tokenizer, "count">>(["count"], "a Tokenizer").default(() =>
      createEstimatingTokenizer(),
    ),
    clock: part<Pick<Clock, "now">>(["now"], "a Clock").default(systemClock),
  }),
);

/** The options with defaults filled in. */
export type ParsedConversationsOptions = {
  readonly [K in keyof ConversationsOptions]-?: NonNullable<ConversationsOptions[K]>;
};

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseConversationsOptions(options: ConversationsOptions): ParsedConversationsOptions {
  return parseOptions("createConversations", schema(), options);
}

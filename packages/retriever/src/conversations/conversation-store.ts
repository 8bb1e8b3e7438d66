import type { CallOptions, Closable } from "@binnacle/core";
import type { ConversationTurn } from "../answering/conversation/conversation-turn.ts";

/** Names a conversation. */
export interface ConversationKey {
  /** Id of the authenticated user. Another owner cannot read the conversation, even with its session. */
  readonly owner: string;
  /** Id of the session. */
  readonly session: string;
}

/** A conversation in a list. */
export interface ConversationSummary {
  readonly session: string;
  /** The first question, cut to 200 characters. */
  readonly title: string;
  /** Number of turns that are kept. */
  readonly turnCount: number;
  /** Number of older turns that had no room. */
  readonly dropped: number;
  /** Time of the first turn, in epoch milliseconds. */
  readonly createdAt: number;
  /** Time of the last turn, in epoch milliseconds. */
  readonly updatedAt: number;
}

/** A conversation with its turns. */
export interface Conversation extends ConversationSummary {
  /** The turns that are kept, oldest first. */
  readonly turns: readonly ConversationTurn[];
}

/** One page of an owner's conversations. */
export interface ConversationPage {
  /** The conversations, the last used first. */
  readonly conversations: readonly ConversationSummary[];
  /** Number of conversations on all pages. */
  readonly total: number;
}

/** The part of a list to return. */
export interface PageRequest {
  /** Most entries of the page, at least 1. */
  readonly limit: number;
  /** Number of entries before the page. */
  readonly offset: number;
}

/** The result of {@link ConversationStore.lock}: the conversation, or the reason why it was not locked. */
export type LockOutcome = Conversation | "busy" | "missing";

/** The rules for one write. */
export interface ConversationWrite extends CallOptions {
  /** The lock's token. Undefined for a new conversation, whose session no other caller knows. */
  readonly token?: string | undefined;
  /** Time until the conversation is dropped, in milliseconds. */
  readonly ttlMs: number;
  /** Most conversations of the owner. Those with the oldest last turn are dropped. */
  readonly maxPerOwner: number;
}

/**
 * Keeps conversations. It does not fail open: a call that the store cannot serve rejects, so that a failure is
 * never taken for a missing conversation.
 */
export interface ConversationStore extends Closable {
  /** Returns a conversation. Undefined if it does not exist or its time is over. */
  read(key: ConversationKey, options?: CallOptions): Promise<Conversation | undefined>;
  /** Returns one page of an owner's conversations. */
  list(owner: string, page: PageRequest, options?: CallOptions): Promise<ConversationPage>;
  /** Locks a conversation for one writer and returns it. The lock ends after `forMs` milliseconds. */
  lock(
    key: ConversationKey,
    lock: { readonly token: string; readonly forMs: number },
    options?: CallOptions,
  ): Promise<LockOutcome>;
  /** Ends a lock. Does nothing if the token no longer holds it. */
  unlock(key: ConversationKey, token: string, options?: CallOptions): Promise<void>;
  /** Writes a conversation. Returns false, and writes nothing, if the token no longer holds the lock. */
  write(owner: string, conversation: Conversation, options: ConversationWrite): Promise<boolean>;
  /** Deletes a conversation and its lock. Returns false if it did not exist. */
  remove(key: ConversationKey, options?: CallOptions): Promise<boolean>;
}

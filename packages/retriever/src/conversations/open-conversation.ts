import { ConfigurationError, type CallOptions } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import type { ConversationTurn } from "../answering/conversation/conversation-turn.ts";
import { recentTurns } from "../answering/conversation/recent-turns.ts";
import type { Conversation, ConversationKey } from "./conversation-store.ts";
import type { ParsedConversationsOptions } from "./conversations-options.ts";
import { conversationNotFound, createWriterLock } from "./writer-lock.ts";

/** A conversation that one caller continues. Other callers cannot open it before `close()`. */
export interface OpenConversation extends AsyncDisposable {
  /** Id of the session, for the next call. */
  readonly session: string;
  /** The turns so far, oldest first, for the call option `history` of an answerer. */
  readonly turns: readonly ConversationTurn[];
  /**
   * Adds a turn and returns the turns that are kept. The first turn creates a new conversation. Rejects with
   * code `conversation_not_found` if the conversation was deleted, or was open for longer than `openForMs`, and
   * with code `closed` after `close()`. The second turn of a new conversation rejects with code
   * `conversation_busy` if another caller has opened the conversation in the meantime.
   */
  add(turn: ConversationTurn, options?: CallOptions): Promise<readonly ConversationTurn[]>;
  /** Lets other callers open the conversation. A second call does nothing. */
  close(): Promise<void>;
}

/** Opens a conversation that is locked by `token`, or a new one without a token. */
export function openConversation(
  key: ConversationKey,
  locked: { readonly token: string; readonly conversation: Conversation } | undefined,
  options: ParsedConversationsOptions,
): OpenConversation {
  const { store, ttlMs, maxPerOwner, clock } = options;
  const { owner, session } = key;
  const lock = createWriterLock(key, locked?.token, options);
  let current = locked?.conversation;
  const add = async (
    turn: ConversationTurn,
    call: CallOptions = {},
  ): Promise<readonly ConversationTurn[]> => {
    lock.assertOpen();
    const checked = checkTurn(turn);
    const isNew = current === undefined;
    if (!isNew && lock.token === undefined) current = await lock.take(call);
    const next = withTurn(current ?? emptyConversation(session, clock.now()), checked, options);
    const isKept = await store.write(owner, next, { ...call, token: lock.token, ttlMs, maxPerOwner });
    if (!isKept) {
      lock.assertOpen();
      throw conversationNotFound(session);
    }
    current = next;
    // Later turns of a new conversation need the lock, because a list shows its session to others. This turn
    // is kept, so a failure is left to the next turn, which asks for the lock again.
    if (isNew && !lock.isClosed) current = await lock.take(call).catch(() => next);
    return current.turns;
  };
  return {
    session,
    get turns() {
      return current?.turns ?? [];
    },
    add,
    close: lock.close,
    [Symbol.asyncDispose]: lock.close,
  };
}

function emptyConversation(session: string, now: number): Conversation {
  return { session, title: "", turnCount: 0, dropped: 0, createdAt: now, updatedAt: now, turns: [] };
}

const titleLength = 200;

function withTurn(
  before: Conversation,
  turn: ConversationTurn,
  { maxTokens, maxBytes, tokenizer, clock }: ParsedConversationsOptions,
): Conversation {
  const all = [...before.turns, turn];
  let { turns } = recentTurns(all, maxTokens, tokenizer);
  while (turns.length > 0 && Buffer.byteLength(JSON.stringify(turns)) > maxBytes) turns = turns.slice(1);
  return {
    ...before,
    title: before.title === "" ? turn.question.slice(0, titleLength).toWellFormed() : before.title,
    turns,
    turnCount: turns.length,
    dropped: before.dropped + all.length - turns.length,
    updatedAt: clock.now(),
  };
}

function checkTurn(value: unknown): ConversationTurn {
  const { question, answer } = isPlainObject(value) ? value : {};
  if (typeof question === "string" && typeof answer === "string" && question.trim() && answer.trim())
    return { question, answer };
  throw new ConfigurationError("add: a turn needs the texts `question` and `answer`, both not empty.");
}

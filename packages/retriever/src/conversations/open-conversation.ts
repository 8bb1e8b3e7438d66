import { BinnacleError, ConfigurationError, type CallOptions } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import type { ConversationTurn } from "../answering/conversation/conversation-turn.ts";
import { recentTurns } from "../answering/conversation/recent-turns.ts";
import type { Conversation, ConversationKey } from "./conversation-store.ts";
import type { ParsedConversationsOptions } from "./conversations-options.ts";

/** A conversation that one caller continues. Other callers cannot open it before `close()`. */
export interface OpenConversation extends AsyncDisposable {
  /** Id of the session, for the next call. */
  readonly session: string;
  /** The turns so far, oldest first, for the call option `history` of an answerer. */
  readonly turns: readonly ConversationTurn[];
  /**
   * Adds a turn and returns the turns that are kept. The first turn creates a new conversation. Rejects with
   * code `conversation_not_found` if the conversation was deleted, or was open for longer than `openForMs`.
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
  let token = locked?.token;
  let current = locked?.conversation;
  const close = async (): Promise<void> => {
    const held = token;
    token = undefined;
    if (held !== undefined) await store.unlock(key, held);
  };
  const add = async (
    turn: ConversationTurn,
    call: CallOptions = {},
  ): Promise<readonly ConversationTurn[]> => {
    const next = withTurn(current ?? emptyConversation(session, clock.now()), checkTurn(turn), options);
    const isKept = await store.write(owner, next, { ...call, token, ttlMs, maxPerOwner });
    if (!isKept) throw conversationNotFound(session);
    // Later turns of a new conversation need the lock, because a list shows its session to others.
    if (current === undefined) token = await lockNew(key, options, call);
    current = next;
    return next.turns;
  };
  return {
    session,
    get turns() {
      return current?.turns ?? [];
    },
    add,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function lockNew(
  key: ConversationKey,
  { store, openForMs }: ParsedConversationsOptions,
  call: CallOptions,
): Promise<string> {
  const token = crypto.randomUUID();
  await store.lock(key, { token, forMs: openForMs }, call);
  return token;
}

/** Returns the error of a session that does not exist. It is the same for another owner's session. */
export function conversationNotFound(session: string): BinnacleError {
  return new BinnacleError(
    "conversation_not_found",
    `there is no conversation "${session}": it has expired, was deleted, or belongs to another owner; begin a new one, or send the earlier turns as \`history\``,
  );
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

import { BinnacleError, type CallOptions } from "@binnacle/core";
import type { Conversation, ConversationKey } from "./conversation-store.ts";
import type { ParsedConversationsOptions } from "./conversations-options.ts";

/** The lock of a conversation's writer, from its opening to `close()`. */
export interface WriterLock {
  /** Undefined while the writer does not hold the lock. */
  readonly token: string | undefined;
  readonly isClosed: boolean;
  /** Throws an error with code `closed` after `close()`. */
  assertOpen(): void;
  /** Locks the conversation and returns it. Rejects if it is locked, does not exist, or was closed. */
  take(call: CallOptions): Promise<Conversation>;
  /** Ends the lock. A second call does nothing. */
  close(): Promise<void>;
}

/** Creates the lock of a writer. `held` is the token if the conversation is locked already. */
export function createWriterLock(
  key: ConversationKey,
  held: string | undefined,
  { store, openForMs }: Pick<ParsedConversationsOptions, "store" | "openForMs">,
): WriterLock {
  const token = held ?? crypto.randomUUID();
  let isHeld = held !== undefined;
  let isAsked = isHeld;
  let isClosed = false;
  const assertOpen = (): void => {
    if (isClosed) throw conversationClosed(key.session);
  };
  return {
    get token() {
      return isHeld ? token : undefined;
    },
    get isClosed() {
      return isClosed;
    },
    assertOpen,
    take: async (call) => {
      isAsked = true;
      const outcome = await store.lock(key, { token, forMs: openForMs }, call);
      if (isClosed) await store.unlock(key, token);
      assertOpen();
      if (outcome === "busy") throw conversationBusy(key.session);
      if (outcome === "missing") throw conversationNotFound(key.session);
      isHeld = true;
      return outcome;
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      if (isAsked) await store.unlock(key, token);
    },
  };
}

/** Returns the error of a session that does not exist. It is the same for another owner's session. */
export function conversationNotFound(session: string): BinnacleError {
  return new BinnacleError(
    "conversation_not_found",
    `there is no conversation "${session}": it has expired, was deleted, or belongs to another owner; begin a new one, or send the earlier turns as \`history\``,
  );
}

/** Returns the error of a conversation that another caller has open. */
export function conversationBusy(session: string): BinnacleError {
  return new BinnacleError(
    "conversation_busy",
    `the conversation "${session}" has a running turn; wait for its end, then ask again`,
    { retryable: true },
  );
}

function conversationClosed(session: string): BinnacleError {
  return new BinnacleError("closed", `the conversation "${session}" is closed; open it again to add a turn`);
}

import { ConfigurationError, type CallOptions } from "@binnacle/core";
import type { Conversation, ConversationKey, ConversationPage, PageRequest } from "./conversation-store.ts";
import { parseConversationsOptions, type ConversationsOptions } from "./conversations-options.ts";
import { openConversation, type OpenConversation } from "./open-conversation.ts";
import { conversationBusy, conversationNotFound } from "./writer-lock.ts";

/** Keeps the turns of conversations, each for one owner. */
export interface Conversations {
  /**
   * Opens a conversation for its next turns. Without `session` a new one begins, which its first turn creates.
   * Rejects with code `conversation_not_found` if the session does not exist or has expired, and with code
   * `conversation_busy` while another caller has it open.
   */
  open(
    key: { readonly owner: string; readonly session?: string | undefined },
    options?: CallOptions,
  ): Promise<OpenConversation>;
  /** Returns a conversation. Rejects with code `conversation_not_found` if it does not exist. */
  get(key: ConversationKey, options?: CallOptions): Promise<Conversation>;
  /** Returns one page of an owner's conversations, the last used first. */
  list(owner: string, page: PageRequest, options?: CallOptions): Promise<ConversationPage>;
  /** Deletes a conversation. Returns false if it did not exist. */
  forget(key: ConversationKey, options?: CallOptions): Promise<boolean>;
}

/** Creates conversations in a store. Each conversation has one writer at a time, in all processes together. */
export function createConversations(options: ConversationsOptions): Conversations {
  const parsed = parseConversationsOptions(options);
  const { store, openForMs } = parsed;
  return {
    open: async ({ owner, session }, call = {}) => {
      checkName("open", { owner });
      if (session === undefined)
        return openConversation({ owner, session: crypto.randomUUID() }, undefined, parsed);
      checkName("open", { session });
      const key = { owner, session };
      const token = crypto.randomUUID();
      const conversation = await store.lock(key, { token, forMs: openForMs }, call);
      if (conversation === "missing") throw conversationNotFound(session);
      if (conversation === "busy") throw conversationBusy(session);
      return openConversation(key, { token, conversation }, parsed);
    },
    get: async ({ owner, session }, call) => {
      checkName("get", { owner, session });
      const found = await store.read({ owner, session }, call);
      if (found === undefined) throw conversationNotFound(session);
      return found;
    },
    list: async (owner, page, call) => {
      checkName("list", { owner });
      checkWhole("limit", page.limit, 1);
      checkWhole("offset", page.offset, 0);
      return await store.list(owner, page, call);
    },
    forget: async ({ owner, session }, call) => {
      checkName("forget", { owner, session });
      return await store.remove({ owner, session }, call);
    },
  };
}

function checkName(label: string, names: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(names))
    if (typeof value !== "string" || value === "" || value.length > 512)
      throw new ConfigurationError(`${label}: \`${name}\` must be a text of 1 to 512 characters.`);
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new ConfigurationError(
      `list: \`${name}\` must be a whole number of at least ${least}, got ${value}.`,
    );
}

import { BinnacleError, type CallOptions } from "@binnacle/core";
import {
  createConversations,
  type Conversation,
  type ConversationPage,
  type ConversationStore,
  type OpenConversation,
  type PageRequest,
} from "@binnacle/retriever";
import type { Principal } from "../../../guard/principal.ts";
import { RequestFault } from "../../request-fault.ts";

/** The session id that begins a new session. */
export const newSession = "new";

/** The chat sessions of all callers. A caller reaches only its own. */
export interface Sessions {
  /** Opens a session, or begins one for the id `new`. */
  open(principal: Principal, id: string, options: CallOptions): Promise<OpenConversation>;
  get(principal: Principal, id: string, options: CallOptions): Promise<Conversation>;
  list(principal: Principal, page: PageRequest, options: CallOptions): Promise<ConversationPage>;
  /** Returns false if there was no such session. */
  remove(principal: Principal, id: string, options: CallOptions): Promise<boolean>;
}

/** Creates the sessions of a server: at most 100 for each key and tenant, each kept for a day after its last turn. */
export function createSessions(store: ConversationStore): Sessions {
  const conversations = createConversations({ store });
  return {
    open: (principal, id, options) => {
      const session = id === newSession ? undefined : id;
      return withFaults(id, conversations.open({ owner: ownerOf(principal), session }, options));
    },
    get: (principal, id, options) =>
      withFaults(id, conversations.get({ owner: ownerOf(principal), session: id }, options)),
    list: (principal, page, options) => conversations.list(ownerOf(principal), page, options),
    remove: (principal, id, options) =>
      conversations.forget({ owner: ownerOf(principal), session: id }, options),
  };
}

function ownerOf({ id, tenant }: Principal): string {
  return JSON.stringify([tenant ?? null, id]);
}

async function withFaults<T>(id: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw BinnacleError.isInstance(error) ? (faults[error.code]?.(JSON.stringify(id)) ?? error) : error;
  }
}

const faults: Readonly<Record<string, (id: string) => RequestFault>> = {
  conversation_not_found: (id) =>
    new RequestFault(
      404,
      `there is no session ${id}: it has expired, was deleted, or is another caller's; begin one with sessionId "${newSession}", or send the earlier turns as history`,
      { code: "session_not_found" },
    ),
  conversation_busy: (id) =>
    new RequestFault(409, `the session ${id} has a running turn; wait for its answer, then ask again`, {
      code: "session_busy",
      headers: { "retry-after": "1" },
    }),
};

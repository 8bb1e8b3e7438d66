import type { CallOptions } from "@binnacle/core";
import type { ConversationTurn, OpenConversation } from "@binnacle/retriever";
import type { FastifyReply, FastifyRequest } from "fastify";
import { logFailure } from "./failures.ts";
import type { Sessions } from "./modules/sessions/sessions.ts";
import type { ChatReply } from "./schemas.ts";

/** The part that one chat request has in a session. */
export interface ChatSession {
  /** The earlier turns. Undefined without a session. */
  readonly history: readonly ConversationTurn[] | undefined;
  /** Stores a turn and returns what the reply says about the session. Undefined without a session. */
  keep(turn: ConversationTurn): Promise<ChatReply["session"]>;
  /** Lets the next request use the session. A second call does nothing. */
  close(): Promise<void>;
}

const noSession: ChatSession = {
  history: undefined,
  keep: async () => undefined,
  close: async () => undefined,
};

/** The request that uses a session, and its reply. */
export interface ChatExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly options: CallOptions;
}

/** Opens the session of a request. It is closed at the latest when the reply's connection is done. */
export async function openChatSession(
  sessions: Sessions,
  id: string | undefined,
  exchange: ChatExchange,
): Promise<ChatSession> {
  if (id === undefined) return noSession;
  const { request, reply, options } = exchange;
  const open = await sessions.open(request.principal, id, options);
  const close = async (): Promise<void> => {
    // The lock ends by itself, so a reply does not fail for it.
    await open.close().catch((error: unknown) => logFailure(error, request, reply));
  };
  reply.raw.once("close", () => void close());
  return {
    get history() {
      return open.turns;
    },
    keep: (turn) => keepTurn(open, turn, exchange),
    close,
  };
}

/** An answer that could not be stored is still an answer, so the reply says that it was not stored. */
async function keepTurn(
  open: OpenConversation,
  { question, answer }: ConversationTurn,
  { request, reply, options }: ChatExchange,
): Promise<ChatReply["session"]> {
  try {
    if (answer.trim() !== "") {
      const { length } = await open.add({ question, answer }, options);
      return { id: open.session, turns: length, stored: true };
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    logFailure(error, request, reply);
  }
  return { id: open.session, turns: open.turns.length, stored: false };
}

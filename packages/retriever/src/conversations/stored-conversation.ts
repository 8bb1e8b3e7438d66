import { once } from "@binnacle/core/kit";
import { z } from "zod";
import type { Conversation, ConversationSummary } from "./conversation-store.ts";

const summary = once(() =>
  z.object({
    session: z.string(),
    title: z.string(),
    turnCount: z.int(),
    dropped: z.int(),
    createdAt: z.number(),
    updatedAt: z.number(),
  }),
);

const conversation = once(() =>
  summary().extend({
    turns: z.array(z.object({ question: z.string().min(1), answer: z.string().min(1) })),
  }),
);

/** Returns the conversation without its turns. */
export function summaryOf({ turns: _, ...rest }: Conversation): ConversationSummary {
  return rest;
}

/** Reads a stored conversation. Undefined if the value is damaged or of another version. */
export function parseConversation(text: string): Conversation | undefined {
  return conversation().safeParse(jsonOf(text)).data;
}

/** Reads a stored summary. Undefined if the value is damaged or of another version. */
export function parseSummary(text: string): ConversationSummary | undefined {
  return summary().safeParse(jsonOf(text)).data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Conversation, ConversationSummary } from "@binnacle/retriever";
import { z } from "zod";

/** The part of a list that a request asks for. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

export const sessionParams = z.strictObject({ id: z.string().min(1).max(128) });

const session = z.object({
  id: z.string(),
  title: z.string().describe("The first question, cut to 200 characters."),
  turn_count: z.int().describe("Number of turns that are kept."),
  dropped: z.int().describe("Number of older turns that had no room."),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().describe("Time of the last turn."),
});

const nextOffset = z.int().nullable().describe("Offset of the next page. Null on the last page.");

export const sessionsReply = z.object({
  sessions: z.array(session),
  total: z.int(),
  next_offset: nextOffset,
});

export const sessionReply = session.extend({
  turns: z
    .array(z.object({ question: z.string(), answer: z.string() }))
    .describe("The kept turns of this page, oldest first."),
  next_offset: nextOffset,
});

export const removeReply = z.object({ id: z.string(), deleted: z.boolean() });

/** Makes the reply's form of a session. */
export function sessionView(one: ConversationSummary): z.output<typeof session> {
  const { session: id, title, turnCount, dropped, createdAt, updatedAt } = one;
  const [created_at, updated_at] = [createdAt, updatedAt].map((time) => new Date(time).toISOString());
  return {
    id,
    title,
    turn_count: turnCount,
    dropped,
    created_at: created_at ?? "",
    updated_at: updated_at ?? "",
  };
}

/** Makes the reply for one page of a session's turns. */
export function sessionPage(
  found: Conversation,
  { limit, offset }: z.output<typeof pageQuery>,
): z.output<typeof sessionReply> {
  return {
    ...sessionView(found),
    turns: found.turns.slice(offset, offset + limit),
    next_offset: nextOf(found.turns.length, { limit, offset }),
  };
}

/** Returns the offset of the next page, or null on the last page. */
export function nextOf(total: number, { limit, offset }: z.output<typeof pageQuery>): number | null {
  return offset + limit < total ? offset + limit : null;
}

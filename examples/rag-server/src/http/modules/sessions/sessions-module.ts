import type { ApiModule } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { failureReplies } from "../shared/replies.ts";
import {
  nextOf,
  pageQuery,
  removeReply,
  sessionPage,
  sessionParams,
  sessionReply,
  sessionsReply,
  sessionView,
} from "./session-schemas.ts";

/** The routes that list, read and delete a caller's chat sessions. `POST /chat` begins and continues them. */
export const sessionsModule: ApiModule = async (app, { parts }) => {
  const { sessions, running } = parts;
  const config = { access: { permission: "GenerateText", row: "T6" } } as const;
  const tags = ["chat"];
  const list = { summary: "List your chat sessions, the last used first.", tags, querystring: pageQuery };
  app.get(
    "/sessions",
    { schema: { ...list, response: { 200: sessionsReply, ...failureReplies } }, config },
    async (request, reply) => {
      const { store } = callsOf(request, reply, running);
      const { conversations, total } = await sessions.list(request.principal, request.query, store);
      const next_offset = nextOf(total, request.query);
      return { sessions: conversations.map(sessionView), total, next_offset };
    },
  );
  const one = { summary: "Read a chat session.", tags, params: sessionParams, querystring: pageQuery };
  app.get(
    "/sessions/:id",
    { schema: { ...one, response: { 200: sessionReply, ...failureReplies } }, config },
    async (request, reply) => {
      const { store } = callsOf(request, reply, running);
      return sessionPage(await sessions.get(request.principal, request.params.id, store), request.query);
    },
  );
  const remove = { summary: "Delete a chat session.", tags, params: sessionParams };
  app.delete(
    "/sessions/:id",
    { schema: { ...remove, response: { 200: removeReply, ...failureReplies } }, config },
    async (request, reply) => {
      const { id } = request.params;
      const { store } = callsOf(request, reply, running);
      return { id, deleted: await sessions.remove(request.principal, id, store) };
    },
  );
};

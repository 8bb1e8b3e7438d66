import { RequestFault } from "../../request-fault.ts";
import type { ApiModule } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { failureReplies } from "../shared/replies.ts";
import { feedbackReply, feedbackRequest, forgetQuery, forgetReply } from "./feedback-schemas.ts";

/** The routes by which answers are judged. `POST /chat` with `learn` uses what was learnt. */
export const feedbackModule: ApiModule = async (app, { parts }) => {
  const { sessions, learning, running } = parts;
  const config = { access: { permission: "GenerateText", row: "Q56" } } as const;
  const tags = ["chat"];
  const judge = {
    summary: "Judge an answer of a session. Liked answers become examples for similar questions.",
    description: "The server learns its own stored texts. A caller cannot send other ones.",
    tags,
    body: feedbackRequest,
    response: { 200: feedbackReply, ...failureReplies },
  };
  app.post("/feedback", { schema: judge, config }, async (request, reply) => {
    const { session_id, turn, feedback, consent, user = "" } = request.body;
    const { principal } = request;
    const { store: options } = callsOf(request, reply, running);
    const { turns } = await sessions.get(principal, session_id, options);
    const judged = turns.at(turn ?? -1);
    if (judged === undefined)
      throw new RequestFault(404, `the session keeps ${turns.length} turns, so it has no turn ${turn ?? 0}`);
    const outcome = await learning.learn(principal, { ...judged, feedback, consent, user }, options);
    return { outcome, question: judged.question };
  });
  const forget = {
    summary: "Delete all that was learnt from a user.",
    tags,
    querystring: forgetQuery,
    response: { 200: forgetReply, ...failureReplies },
  };
  app.delete("/feedback", { schema: forget, config }, async (request, reply) => {
    const { store: options } = callsOf(request, reply, running);
    return { deleted: await learning.forget(request.principal, request.query.user ?? "", options) };
  });
};

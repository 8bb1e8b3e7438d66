import { z } from "zod";
import { chatBatchReply, chatReply, failure } from "./schemas.ts";

/** A reply in the form that fastify and OpenAPI use. */
interface DescribedReply {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

const events = z
  .string()
  .describe(
    "Server-sent events: `text` with `{text}` any number of times, then `done` with the whole reply, or `error` with a failure.",
  );

const failures: Readonly<Record<number, string>> = {
  400: "The request is not valid; `issues` names the fields.",
  401: "The request has no key, or a wrong or expired one.",
  403: "The key lacks the permission GenerateText.",
  404: "The session has expired, was deleted, or is another caller's; begin a new one.",
  409: "The index does not match this server's settings, or the session has a running turn.",
  413: "The request is too large.",
  415: "The request is not JSON.",
  421: "The request is for another host.",
  422: "The model refused the question, or the question is too long.",
  429: "Too many requests; `retry-after` says how many seconds to wait.",
  500: "The server failed.",
  501: "The server has no embedder to learn with.",
  502: "The model server or the index failed.",
  503: "The server is being stopped.",
  504: "The answer did not come in time.",
};

/** All replies of `POST /chat`, by status. */
export const chatResponses: Readonly<Record<number, DescribedReply>> = {
  200: {
    description: "The answer, as JSON or as events.",
    content: {
      "application/json": { schema: z.union([chatReply, chatBatchReply]) },
      "text/event-stream": { schema: events },
    },
  },
  207: {
    description: "Some questions of a batch failed.",
    content: { "application/json": { schema: chatBatchReply } },
  },
  ...Object.fromEntries(
    Object.entries(failures).map(([status, description]) => [
      status,
      { description, content: { "application/json": { schema: failure } } },
    ]),
  ),
};

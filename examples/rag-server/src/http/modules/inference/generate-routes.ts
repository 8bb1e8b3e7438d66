import { Readable } from "node:stream";
import { mapConcurrent } from "@binnacle/core/kit";
import { eventHeaders, eventText, wantsEvents } from "../../event-text.ts";
import { failureOf, logFailure } from "../../failures.ts";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { itemFailure } from "../shared/item-failure.ts";
import { failureReplies } from "../shared/replies.ts";
import { storeFault } from "../shared/store-fault.ts";
import { generateEvents, type GenerateEvent, type GenerateTask } from "./generate-events.ts";
import {
  batchReply,
  batchRequest,
  generateEvents as eventsSchema,
  generateReply,
  generateRequest,
  type GenerateReply,
} from "./generate-schemas.ts";

/** Generations of one batch that run at the same time. */
const concurrency = 4;

/** Adds `POST /generate`: one JSON reply, or a stream of events. */
export function addGenerate(app: ApiApp, parts: ApiParts): void {
  const json = { "application/json": { schema: generateReply } };
  const schema = {
    summary: "Generate text, store it as a vector, and find similar points.",
    description: "With `accept: text/event-stream` the text comes as events.",
    tags: ["inference"],
    body: generateRequest,
    response: {
      200: { description: "The text.", content: { ...json, "text/event-stream": { schema: eventsSchema } } },
      ...failureReplies,
    },
  };
  const config = { access: { permission: "GenerateText", row: "Q16" } } as const;
  app.post("/generate", { schema, config }, async (request, reply) => {
    const calls = callsOf(request, reply, parts.running);
    const events = generateEvents({ fields: request.body, request, calls }, parts);
    if (!wantsEvents(request)) return await lastOf(events);
    const first = await events.next(); // a request that cannot begin gets a status
    const stream = Readable.from(asText(first, events, (error) => logFailure(error, request, reply)));
    return await reply.headers(eventHeaders).send(stream);
  });
}

/** Adds `POST /generate/batch`. */
export function addGenerateBatch(app: ApiApp, parts: ApiParts): void {
  const schema = {
    summary: "Generate many texts, with an outcome for each.",
    description: "The status is 207 if some failed.",
    tags: ["inference"],
    body: batchRequest,
    response: { 200: batchReply, 207: batchReply, ...failureReplies },
  };
  const config = { access: { permission: "GenerateText", row: "Q17" } } as const;
  app.post("/generate/batch", { schema, config, bodyLimit: 2 * 1024 * 1024 }, async (request, reply) => {
    const calls = callsOf(request, reply, parts.running);
    const { signal } = calls.store;
    const outcomes = await mapConcurrent(request.body.requests, { concurrency, signal }, (fields, index) =>
      outcomeOf({ fields, request, calls, index }, parts),
    );
    const failed = outcomes.filter(({ status }) => status === "failed").length;
    return await reply
      .status(failed === 0 ? 200 : 207)
      .send({ succeeded: outcomes.length - failed, failed, outcomes });
  });
}

type BatchOutcome =
  | { readonly index: number; readonly status: "ok"; readonly reply: GenerateReply }
  | { readonly index: number; readonly status: "failed"; readonly error: ReturnType<typeof itemFailure> };

async function outcomeOf(task: GenerateTask, parts: ApiParts): Promise<BatchOutcome> {
  const { index = 0, calls } = task;
  try {
    return { index, status: "ok", reply: await lastOf(generateEvents(task, parts)) };
  } catch (error) {
    calls.store.signal?.throwIfAborted();
    return { index, status: "failed", error: itemFailure(error) };
  }
}

async function lastOf(events: AsyncIterable<GenerateEvent>): Promise<GenerateReply> {
  for await (const event of events) if (event.type === "done") return event.reply;
  throw new TypeError("the generation ended without a reply");
}

async function* asText(
  first: IteratorResult<GenerateEvent>,
  rest: AsyncGenerator<GenerateEvent>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<string> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) {
      const { value } = next;
      yield value.type === "text" ? eventText("text", { text: value.text }) : eventText("done", value.reply);
    }
  } catch (error) {
    onFailure(error);
    yield eventText("error", failureOf(storeFault(error)));
  } finally {
    await rest.return(undefined);
  }
}

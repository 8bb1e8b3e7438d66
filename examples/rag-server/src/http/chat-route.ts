import { Readable } from "node:stream";
import { mapConcurrent } from "@binnacle/core/kit";
import type { Answer, Answerer, AnswerOptions, Citation } from "@binnacle/retriever";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { answerEnd, completedQuestion } from "../answer-json.ts";
import type { UsageMeter } from "../guard/usage-meter.ts";
import { folderNames } from "../folder-names.ts";
import { answererOf, type RagSystem } from "../rag-system.ts";
import { backendForRequest } from "./backend-for-request.ts";
import { chatResponses } from "./chat-responses.ts";
import { eventHeaders, eventText, wantsEvents } from "./event-text.ts";
import { failureOf, logFailure } from "./failures.ts";
import type { SearchLogs } from "./modules/analytics/search-logs.ts";
import { callsOf } from "./modules/shared/calls.ts";
import { RequestFault } from "./request-fault.ts";
import type { RunningAnswers } from "./running-answers.ts";
import { chatReply, chatRequest, type ChatBatchReply, type ChatReply, type ChatRequest } from "./schemas.ts";

/** The parts of the server that the route uses. */
export interface ChatParts {
  readonly running: RunningAnswers;
  readonly meter: UsageMeter;
  readonly searches: SearchLogs;
}

/** Adds `POST /chat`: one JSON reply, or a stream of events if the client accepts `text/event-stream`. */
export function registerChat(app: FastifyInstance, system: RagSystem, parts: ChatParts): void {
  const { running, meter, searches } = parts;
  const schema = {
    summary: "Answer a question from the indexed documents.",
    description:
      "With `accept: text/event-stream` the answer comes as events: `text` with `{text}` any number of times, then `done` with the whole reply, or `error` with a failure.",
    tags: ["chat"],
    body: chatRequest,
    response: chatResponses,
  };
  const config = { access: { permission: "GenerateText", row: "T6" } } as const;
  const route = { schema, config, preValidation: requireBody };
  app.post<{ Body: ChatRequest }>("/chat", route, async (request, reply) => {
    const { message, messages, limit, ...rest } = request.body;
    const { signal, deadlineAt, traceparent } = callsOf(request, reply, running).store;
    const options = { ...rest, signal, deadlineAt, traceparent };
    const { principal } = request;
    const searchLog = { log: searches.of(principal.tenant), user: principal.id };
    const answerer = answererOf(forRequest(system, request, meter), { limit, searchLog });
    if (message === undefined) {
      if (wantsEvents(request)) throw new RequestFault(400, "messages: a batch has no stream; accept JSON");
      const outcomes = await answerAll(messages ?? [], answerer, system, options);
      return await reply.status(outcomes.failed === 0 ? 200 : 207).send(outcomes);
    }
    if (!wantsEvents(request)) return await replyOf(system, await answerer.answer(message, options));
    // Sent as a Fastify stream. It keeps the plugins' headers, slows the model for a slow client and ends it
    // when the client leaves.
    const stream = answerer.stream(message, options);
    const events = Readable.from(eventsOf(system, stream, (error) => logFailure(error, request, reply)));
    return await reply.headers(eventHeaders).send(events);
  });
}

/** Returns the system with a backend that passes on the request's id and tenant. */
function forRequest(system: RagSystem, { id, principal }: FastifyRequest, meter: UsageMeter): RagSystem {
  const { backend } = system;
  const onUsage = meter.countTokens.bind(meter, principal);
  const fields = { requestId: id, tenant: principal.tenant, onUsage };
  return { ...system, backend: backend && backendForRequest(backend, fields) };
}

/** Questions of one batch that are answered at the same time. */
const concurrency = 4;

async function answerAll(
  questions: readonly string[],
  answerer: Answerer,
  system: RagSystem,
  options: AnswerOptions,
): Promise<ChatBatchReply> {
  const { signal } = options;
  const outcomes = await mapConcurrent(questions, { concurrency, signal }, async (question, index) => {
    try {
      const reply = await replyOf(system, await answerer.answer(question, options));
      return { index, status: "ok" as const, reply };
    } catch (error) {
      signal?.throwIfAborted();
      return { index, status: "failed" as const, error: chatBatchError(error) };
    }
  });
  const failed = outcomes.filter(({ status }) => status === "failed").length;
  return { succeeded: outcomes.length - failed, failed, outcomes };
}

function chatBatchError(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = failureOf(error);
  return { code, message };
}

async function requireBody({ body }: FastifyRequest): Promise<void> {
  if (body !== undefined && body !== null) return;
  throw new RequestFault(
    400,
    'the request has no body; send {"message":"…"} with content-type: application/json',
  );
}

async function* eventsOf(
  system: RagSystem,
  stream: ReturnType<ReturnType<typeof answererOf>["stream"]>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<string> {
  try {
    for await (const event of stream) {
      if (event.type === "text") yield eventText("text", { text: event.text });
    }
    yield eventText("done", await replyOf(system, await stream.result));
  } catch (error) {
    onFailure(error);
    yield eventText("error", failureOf(error));
  }
}

/** Copies the fields of the schema, because an answer also holds this machine's paths. */
async function replyOf({ data, collection }: RagSystem, answer: Answer): Promise<ChatReply> {
  const names = folderNames(await data.sources(collection));
  const named = (source: Citation): object => ({ ...source, folder: names.get(source.sourceId) });
  const { refusal } = answer;
  return chatReply.parse({
    ...answer,
    completedQuestion: completedQuestion(answer),
    refusal: refusal && { ...refusal, nearest: refusal.nearest.map(named) },
    finishReason: answerEnd(answer),
    citations: answer.citations.map(named),
    sources: answer.sources.map(named),
  });
}

import { Readable } from "node:stream";
import type { Answer, Citation } from "@binnacle/retriever";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { answerEnd, completedQuestion } from "../answer-json.ts";
import { folderNames } from "../folder-names.ts";
import { answererOf, type RagSystem } from "../rag-system.ts";
import { chatResponses } from "./chat-responses.ts";
import { failureOf, logFailure } from "./failures.ts";
import { RequestFault } from "./request-fault.ts";
import type { RunningAnswers } from "./running-answers.ts";
import { chatReply, chatRequest, type ChatReply, type ChatRequest } from "./schemas.ts";

const answerWithinMs = 120_000;

/** Adds `POST /chat`: one JSON reply, or a stream of events if the client accepts `text/event-stream`. */
export function registerChat(app: FastifyInstance, system: RagSystem, running: RunningAnswers): void {
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
    const answerer = answererOf(system, request.body.limit);
    const options = {
      refuse: request.body.refuse,
      history: request.body.history,
      signal: running.signalOf(reply.raw),
      deadlineAt: Date.now() + answerWithinMs,
    };
    if (!(request.headers.accept ?? "").includes("text/event-stream")) {
      return await replyOf(system, await answerer.answer(request.body.message, options));
    }
    // Sent as a Fastify stream. It keeps the plugins' headers, slows the model for a slow client and ends it
    // when the client leaves.
    const stream = answerer.stream(request.body.message, options);
    const events = Readable.from(eventsOf(system, stream, (error) => logFailure(error, request, reply)));
    const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
    return await reply.headers(headers).send(events);
  });
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

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
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

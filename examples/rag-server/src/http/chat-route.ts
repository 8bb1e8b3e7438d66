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
import { openChatSession, type ChatSession } from "./chat-session.ts";
import { eventHeaders, eventText, wantsEvents } from "./event-text.ts";
import { failureOf, logFailure } from "./failures.ts";
import type { SearchLogs } from "./modules/analytics/search-logs.ts";
import type { Learning } from "./modules/feedback/learning.ts";
import type { Sessions } from "./modules/sessions/sessions.ts";
import { callsOf } from "./modules/shared/calls.ts";
import { RequestFault } from "./request-fault.ts";
import type { RunningAnswers } from "./running-answers.ts";
import { chatReply, chatRequest, type ChatBatchReply, type ChatReply, type ChatRequest } from "./schemas.ts";

/** The parts of the server that the route uses. */
export interface ChatParts {
  readonly running: RunningAnswers;
  readonly meter: UsageMeter;
  readonly searches: SearchLogs;
  readonly sessions: Sessions;
  readonly learning: Learning;
}

/** Adds `POST /chat`: one JSON reply, or a stream of events if the client accepts `text/event-stream`. */
export function registerChat(app: FastifyInstance, system: RagSystem, parts: ChatParts): void {
  const { running, meter, searches, sessions, learning } = parts;
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
    const { message, messages, limit, sessionId, learn, ...rest } = request.body;
    if (message === undefined && wantsEvents(request))
      throw new RequestFault(400, "messages: a batch has no stream; accept JSON");
    const { signal, deadlineAt, traceparent } = callsOf(request, reply, running).store;
    const options = { ...rest, signal, deadlineAt, traceparent };
    const { principal } = request;
    const searchLog = { log: searches.of(principal.tenant), user: principal.id };
    const calls = { signal, deadlineAt, traceparent };
    const own = forRequest(system, request, meter);
    const answererFor = async (question: string): Promise<ChosenAnswerer> => {
      const examples = learn === true ? await learning.examplesFor(principal, question, calls) : undefined;
      if (examples?.problem !== undefined) logFailure(examples.problem, request, reply);
      const settings = { limit, searchLog, examples: examples?.text };
      return { answerer: answererOf(own, settings), examples: examples?.count };
    };
    const session = await openChatSession(sessions, sessionId, { request, reply, options: calls });
    const chat: Chat = { system, answererFor, session, options };
    if (message === undefined) {
      const outcomes = await answerAll(chat, messages ?? [], sessionId === undefined ? concurrency : 1);
      return await reply.status(outcomes.failed === 0 ? 200 : 207).send(outcomes);
    }
    if (!wantsEvents(request)) {
      const answered = await answerOne(chat, message);
      await session.close();
      return answered;
    }
    // Sent as a Fastify stream. It keeps the plugins' headers, slows the model for a slow client and ends it
    // when the client leaves.
    const events = Readable.from(eventsOf(chat, message, (error) => logFailure(error, request, reply)));
    return await reply.headers(eventHeaders).send(events);
  });
}

/** The answerer of one question. */
interface ChosenAnswerer {
  readonly answerer: Answerer;
  /** Number of earlier answers that the model sees. Undefined if the request does not ask for them. */
  readonly examples: number | undefined;
}

/** The parts that answer the questions of one request. */
interface Chat {
  readonly system: RagSystem;
  readonly answererFor: (question: string) => Promise<ChosenAnswerer>;
  readonly session: ChatSession;
  readonly options: AnswerOptions;
}

/** Returns the system with a backend that passes on the request's id and tenant. */
function forRequest(system: RagSystem, { id, principal }: FastifyRequest, meter: UsageMeter): RagSystem {
  const { backend } = system;
  const onUsage = meter.countTokens.bind(meter, principal);
  const fields = { requestId: id, tenant: principal.tenant, onUsage };
  return { ...system, backend: backend && backendForRequest(backend, fields) };
}

/** Questions of one batch that are answered at the same time. Turns of a session are answered in order. */
const concurrency = 4;

async function answerAll(
  chat: Chat,
  questions: readonly string[],
  concurrency: number,
): Promise<ChatBatchReply> {
  const { signal } = chat.options;
  const outcomes = await mapConcurrent(questions, { concurrency, signal }, async (question, index) => {
    try {
      return { index, status: "ok" as const, reply: await answerOne(chat, question) };
    } catch (error) {
      signal?.throwIfAborted();
      return { index, status: "failed" as const, error: chatBatchError(error) };
    }
  });
  await chat.session.close();
  const failed = outcomes.filter(({ status }) => status === "failed").length;
  return { succeeded: outcomes.length - failed, failed, outcomes };
}

async function answerOne(chat: Chat, question: string): Promise<ChatReply> {
  const { system, answererFor, session, options } = chat;
  const { history } = session;
  const { answerer, examples } = await answererFor(question);
  const answer = await answerer.answer(question, { ...options, ...(history && { history }) });
  return await replyOf(system, answer, { session: await session.keep(answer), examples });
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
  { system, answererFor, session, options }: Chat,
  question: string,
  onFailure: (error: unknown) => void,
): AsyncGenerator<string> {
  const { history } = session;
  try {
    const { answerer, examples } = await answererFor(question);
    const stream = answerer.stream(question, { ...options, ...(history && { history }) });
    for await (const event of stream) {
      if (event.type === "text") yield eventText("text", { text: event.text });
    }
    const answer = await stream.result;
    const done = await replyOf(system, answer, { session: await session.keep(answer), examples });
    await session.close(); // before the client may ask its next question
    yield eventText("done", done);
  } catch (error) {
    await session.close();
    onFailure(error);
    yield eventText("error", failureOf(error));
  }
}

/** Copies the fields of the schema, because an answer also holds this machine's paths. */
async function replyOf(
  { data, collection }: RagSystem,
  answer: Answer,
  more: Pick<ChatReply, "session" | "examples">,
): Promise<ChatReply> {
  const names = folderNames(await data.sources(collection));
  const named = (source: Citation): object => ({ ...source, folder: names.get(source.sourceId) });
  const { refusal } = answer;
  return chatReply.parse({
    ...answer,
    ...more,
    completedQuestion: completedQuestion(answer),
    refusal: refusal && { ...refusal, nearest: refusal.nearest.map(named) },
    finishReason: answerEnd(answer),
    citations: answer.citations.map(named),
    sources: answer.sources.map(named),
  });
}

import type { ChatMessage, Generation, GenerateRequest } from "@binnacle/core";
import type { FastifyRequest } from "fastify";
import { backendForRequest } from "../../backend-for-request.ts";
import { RequestFault } from "../../request-fault.ts";
import type { ApiParts } from "../shared/api-parts.ts";
import type { Calls } from "../shared/calls.ts";
import { newId } from "../shared/new-id.ts";
import { itemFailure } from "../shared/item-failure.ts";
import { tookMs } from "../search/hit-replies.ts";
import type { GenerateFields, GenerateReply } from "./generate-schemas.ts";
import { preparePoints } from "./prepare-points.ts";

/** One event of a generation: a piece of the text, or the whole reply at the end. */
export type GenerateEvent =
  { readonly type: "text"; readonly text: string } | { readonly type: "done"; readonly reply: GenerateReply };

/** One generation that a request asks for. */
export interface GenerateTask {
  readonly fields: GenerateFields;
  readonly request: FastifyRequest;
  readonly calls: Calls;
  /** Position in a batch. @default 0 */
  readonly index?: number | undefined;
}

/**
 * Generates text. Similar points are found while the model writes. The text is stored after its end, and the
 * reply names the id only after the store confirmed it.
 */
export async function* generateEvents(
  { fields, request, calls, index = 0 }: GenerateTask,
  parts: ApiParts,
): AsyncGenerator<GenerateEvent> {
  const startedAt = performance.now();
  const { backend } = parts;
  if (backend === undefined) throw noModel();
  const tasks = await preparePoints(fields, request, parts, calls);
  const errors: GenerateReply["errors"] = [];
  const similar = timed("similarity", errors, tasks.findSimilar);
  const generatingSince = performance.now();
  const { requestId, tenant, ...options } = calls.model;
  const onUsage = parts.meter.countTokens.bind(parts.meter, request.principal);
  const stream = backendForRequest(backend, { requestId, tenant, onUsage }).stream(
    modelRequest(fields),
    options,
  );
  for await (const event of stream) if (event.type === "text") yield { type: "text", text: event.text };
  const generation = await stream.result;
  const generateMs = tookMs(generatingSince);
  const { store } = tasks;
  const id = newId(request, index);
  const [found, stored] = await Promise.all([
    similar,
    timed("store", errors, store && (async () => (await store(generation.text, id), id))),
  ]);
  const took = { generate: generateMs, similarity: found.ms, store: stored.ms, total: tookMs(startedAt) };
  yield {
    type: "done",
    reply: {
      text: generation.text,
      vector_id: stored.value ?? null,
      similarity_matches: found.value ?? null,
      errors,
      metadata: {
        request_id: request.id,
        ...factsOf(generation),
        collection: tasks.store || tasks.findSimilar ? fields.collection : null,
        took_ms: took,
      },
    },
  };
}

/** Runs a part. Its failure is reported beside the text, which is there in any case. */
async function timed<T>(
  part: "similarity" | "store",
  errors: GenerateReply["errors"],
  run: (() => Promise<T>) | undefined,
): Promise<{ readonly value?: T; readonly ms?: number }> {
  if (run === undefined) return {};
  const startedAt = performance.now();
  try {
    return { value: await run(), ms: tookMs(startedAt) };
  } catch (error) {
    errors.push({ part, ...itemFailure(error) });
    return { ms: tookMs(startedAt) };
  }
}

function modelRequest({ prompt, system, ...fields }: GenerateFields): GenerateRequest {
  const messages: ChatMessage[] = system === undefined ? [] : [{ role: "system", content: system }];
  const { model, temperature, seed, stop } = fields;
  return {
    messages: [...messages, { role: "user", content: prompt }],
    maxTokens: fields.max_tokens,
    ...(model !== undefined && { model }),
    ...(temperature !== undefined && { temperature }),
    ...(fields.top_p !== undefined && { topP: fields.top_p }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
  };
}

function factsOf({
  model,
  finishReason,
  usage,
}: Generation): Pick<GenerateReply["metadata"], "model" | "finish_reason" | "usage"> {
  return {
    model,
    finish_reason: finishReason,
    usage: usage && {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      cached_tokens: usage.cachedTokens,
    },
  };
}

function noModel(): RequestFault {
  const message = "this server has no language model; start it with BINNACLE_LLM_URL";
  return new RequestFault(501, message, { code: "no_model" });
}

import { InferenceError, type ModelCapabilities } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { ModelCallOptions, ModelServer } from "../../server/model-server.ts";

/** The facts that a llama-server reports about itself and one model. */
export interface LlamaCppFacts {
  /** The model's alias, or the name of its file. */
  readonly model: string;
  /** Tokens that one request may use: the server's context divided by its slots. */
  readonly contextTokens?: number | undefined;
  readonly slots?: number | undefined;
  readonly vision: boolean;
  /**
   * True if the chat template shows tools to the model. Otherwise the server ignores tools without a word.
   */
  readonly tools: boolean;
}

const modelsSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1), aliases: z.array(z.string()).nullish() })).min(1),
});
const propsSchema = z.object({
  total_slots: z.int().positive().optional(),
  default_generation_settings: z.object({ n_ctx: z.int().positive().optional() }).optional(),
  modalities: z.object({ vision: z.boolean().nullish() }).nullish(),
  chat_template_caps: z.object({ supports_tools: z.boolean().nullish() }).nullish(),
});

/**
 * Asks `/v1/models` and `/props`. A router answers for `model`. Throws an `InferenceError` of kind
 * `not-found` if a router does not have it.
 */
export async function askFacts(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<LlamaCppFacts> {
  // Sequential, because each open connection occupies one of llama-server's few threads.
  const served = await askModel(server, model, options);
  const path = "/props";
  const props = await server.json(
    { path, query: { model } },
    (body) => parseResponse(`${server.label}${path}`, propsSchema, body),
    options,
  );
  return {
    model: served,
    contextTokens: props.default_generation_settings?.n_ctx,
    slots: props.total_slots,
    vision: props.modalities?.vision ?? false,
    tools: props.chat_template_caps?.supports_tools ?? false,
  };
}

/** Returns the abilities of a model. */
export async function askCapabilities(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<ModelCapabilities> {
  const facts = await askFacts(server, model, options);
  const countsTokens = await canCountTokens(server, model, options);
  return {
    ...facts,
    countsTokens,
    jsonSchema: true, // for every model: llama-server turns the schema into a grammar
    namedToolChoice: false, // llama-server reads an object as "auto"
    grammars: ["gbnf", "choice"],
    logprobs: true,
  };
}

/** Asks `/health`, which needs no key, and `/props`, which needs the key. Rejects if either fails. */
export async function askHealth(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<void> {
  for (const path of ["/health", "/props"])
    await server.json({ path, query: { model } }, () => undefined, options);
}

/** Returns false if the server lacks the endpoint that counts a chat's tokens, as older servers do. */
async function canCountTokens(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<boolean> {
  const messages = [{ role: "user", content: "a" }];
  try {
    await askTokenCount(server, { model, messages }, options);
    return true;
  } catch (error) {
    if (InferenceError.isInstance(error) && ["not-found", "unsupported"].includes(error.kind)) return false;
    throw error;
  }
}

/** Counts the tokens of a chat request with the model's own template. */
export function askTokenCount(
  server: ModelServer,
  body: Readonly<Record<string, unknown>>,
  options: ModelCallOptions,
): Promise<number> {
  const path = "/v1/chat/completions/input_tokens";
  const schema = z.object({ input_tokens: z.int().nonnegative() });
  return server.json(
    { method: "POST", path, json: body },
    (reply) => parseResponse(`${server.label}${path}`, schema, reply).input_tokens,
    options,
  );
}

async function askModel(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<string> {
  const path = "/v1/models";
  const { data } = await server.json(
    { path },
    (body) => parseResponse(`${server.label}${path}`, modelsSchema, body),
    options,
  );
  const named = data.find(({ id, aliases }) => id === model || aliases?.includes(model ?? "") === true);
  // A server with one model answers under any name, so only a router can lack the wanted model.
  if (named === undefined && model !== undefined && data.length > 1) {
    throw new InferenceError(
      `${server.label}: the server has no model "${model}"; it has ${data.map(({ id }) => id).join(", ")}`,
      {
        kind: "not-found",
        replica: server.address,
      },
    );
  }
  return fileName((named ?? data[0])?.id ?? "");
}

/** Returns the file name without its folder, because the folder describes the machine and not the model. */
function fileName(id: string): string {
  return id.endsWith(".gguf") ? id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf("\\")) + 1, -5) : id;
}

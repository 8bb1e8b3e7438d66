import { InferenceError, type ModelCapabilities } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { ModelCallOptions, ModelServer } from "../../server/model-server.ts";

/** What a llama-server says about itself. */
export interface LlamaCppFacts {
  /** The model's alias, or the name of its file. */
  readonly model: string;
  /** Tokens one request may use: the server's context divided by its slots. */
  readonly contextTokens?: number | undefined;
  readonly slots?: number | undefined;
  readonly vision: boolean;
  /** Whether the chat template shows tools to the model; if not, the server drops them without a word. */
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

/** Asks `/v1/models` and `/props`, for one model of a router where it is named. */
export async function askFacts(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<LlamaCppFacts> {
  // One after the other: each connection takes one of llama-server's few threads, for as long as it is kept alive.
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

/** What a model can do. */
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
    jsonSchema: true, // of any model: llama-server makes a grammar of the schema
    namedToolChoice: false, // anything but a string is read as "auto"
    grammars: ["gbnf", "choice"],
    logprobs: true,
  };
}

/** Asks `/health`, which needs no key, and `/props`, which does. */
export async function askHealth(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<void> {
  for (const path of ["/health", "/props"])
    await server.json({ path, query: { model } }, () => undefined, options);
}

/** Whether the server has the endpoint that counts a chat's tokens, which older ones lack. */
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

/** Tokens of a chat request, by the model's own template. */
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
  // A server of one model answers under any name, so that only a router can lack the one that was asked for.
  if (named === undefined && model !== undefined && data.length > 1) {
    throw new InferenceError(
      `${server.label}: no model "${model}" among ${data.map(({ id }) => id).join(", ")}`,
      {
        kind: "not-found",
        replica: server.address,
      },
    );
  }
  return fileName((named ?? data[0])?.id ?? "");
}

/** Without an alias the id is the path of the model's file, which says more about the machine than about the model. */
function fileName(id: string): string {
  return id.endsWith(".gguf") ? id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf("\\")) + 1, -5) : id;
}

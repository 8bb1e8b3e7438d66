import { InferenceError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { LlamaCppCallOptions, LlamaCppServer } from "./llama-cpp-server.ts";

/** What a llama-server says about itself. */
export interface LlamaCppFacts {
  /** The model's alias, or the name of its file. */
  readonly model: string;
  /** Tokens one request may use: the server's context divided by its slots. */
  readonly contextTokens?: number | undefined;
  readonly slots?: number | undefined;
  readonly vision: boolean;
}

const modelsSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1), aliases: z.array(z.string()).nullish() })).min(1),
});
const propsSchema = z.object({
  total_slots: z.int().positive().optional(),
  default_generation_settings: z.object({ n_ctx: z.int().positive().optional() }).optional(),
  modalities: z.object({ vision: z.boolean().optional() }).optional(),
});

/** Asks `/v1/models` and `/props`, for one model of a router where it is named. */
export async function askFacts(
  server: LlamaCppServer,
  model: string | undefined,
  options: LlamaCppCallOptions,
): Promise<LlamaCppFacts> {
  // One after the other: each connection takes one of llama-server's few threads, for as long as it is kept alive.
  const served = await askModel(server, model, options);
  const path = "/props";
  const props = await server.json(
    { path, query: { model } },
    (body) => parseResponse(`${server.source}${path}`, propsSchema, body),
    options,
  );
  return {
    model: served,
    contextTokens: props.default_generation_settings?.n_ctx,
    slots: props.total_slots,
    vision: props.modalities?.vision ?? false,
  };
}

/** Whether the server has the endpoint that counts a chat's tokens, which older ones lack. */
export async function canCountTokens(
  server: LlamaCppServer,
  model: string | undefined,
  options: LlamaCppCallOptions,
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
  server: LlamaCppServer,
  body: Readonly<Record<string, unknown>>,
  options: LlamaCppCallOptions,
): Promise<number> {
  const path = "/v1/chat/completions/input_tokens";
  const schema = z.object({ input_tokens: z.int().nonnegative() });
  return server.json(
    { method: "POST", path, json: body },
    (reply) => parseResponse(`${server.source}${path}`, schema, reply).input_tokens,
    options,
  );
}

async function askModel(
  server: LlamaCppServer,
  model: string | undefined,
  options: LlamaCppCallOptions,
): Promise<string> {
  const path = "/v1/models";
  const { data } = await server.json(
    { path },
    (body) => parseResponse(`${server.source}${path}`, modelsSchema, body),
    options,
  );
  const named = data.find(({ id, aliases }) => id === model || aliases?.includes(model ?? "") === true);
  // A server of one model answers under any name, so that only a router can lack the one that was asked for.
  if (named === undefined && model !== undefined && data.length > 1) {
    throw new InferenceError(
      `${server.source}: no model "${model}" among ${data.map(({ id }) => id).join(", ")}`,
      {
        kind: "not-found",
        replica: server.replica,
      },
    );
  }
  return fileName((named ?? data[0])?.id ?? "");
}

/** Without an alias the id is the path of the model's file, which says more about the machine than about the model. */
function fileName(id: string): string {
  return id.endsWith(".gguf") ? id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf("\\")) + 1, -5) : id;
}

import { InferenceError, type GenerateRequest, type ModelCapabilities } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import { chatBody } from "../../protocol/chat-body.ts";
import type { BinaryModelServer, ModelCallOptions, ModelServer } from "../../server/model-server.ts";
import { probeImage } from "./vllm-image-families.ts";
import { traitsOf, type VllmTraits } from "./vllm-versions.ts";

/** The facts that a vLLM server reports about itself and one model. */
export interface VllmFacts {
  /** Empty if the server does not report it. */
  readonly version: string;
  readonly traits: VllmTraits;
  /** Name of the model, without the folder of a local path. */
  readonly model: string;
  /** Most tokens of prompt and answer together. */
  readonly contextTokens?: number | undefined;
  /** Names of the adapters that the server has loaded. */
  readonly adapters: readonly string[];
}

const modelSchema = z.object({
  id: z.string().min(1),
  parent: z.string().nullish(),
  max_model_len: z.int().positive().nullish(),
});
const modelsSchema = z.object({ data: z.array(modelSchema).min(1) });
const versionSchema = z.object({ version: z.string() });

/**
 * Asks `/version` and `/v1/models`. Throws an `InferenceError` of kind `not-found` if the server does not
 * have `model`.
 */
export async function askFacts(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<VllmFacts> {
  const version = await askVersion(server, options);
  const path = "/v1/models";
  const { data } = await server.json(
    { path },
    (body) => parseResponse(`${server.label}${path}`, modelsSchema, body),
    options,
  );
  const wanted = model ?? data.find(({ parent }) => !parent)?.id;
  const found = data.find(({ id }) => id === wanted);
  if (found === undefined) throw missingModel(server, model ?? "", data);
  return {
    version,
    traits: traitsOf(version),
    model: nameOf(found.id),
    contextTokens: found.max_model_len ?? undefined,
    adapters: data.filter(({ parent }) => parent).map(({ id }) => id),
  };
}

/** Returns the abilities of a model. */
export async function askCapabilities(
  server: ModelServer,
  { model, contextTokens, adapters }: VllmFacts,
  { vision, ...asked }: { readonly model: string | undefined; readonly vision: boolean | undefined },
  options: ModelCallOptions,
): Promise<ModelCapabilities> {
  const plain = await tokensOf(server, { ...asked, content: "a" }, options);
  return {
    model,
    contextTokens,
    vision: vision ?? (await canSee(server, asked.model, options)),
    jsonSchema: true,
    countsTokens: plain !== undefined,
    tools: plain !== undefined && (await takesTools(server, asked.model, plain, options)),
    namedToolChoice: true,
    grammars: ["gbnf", "ebnf", "regex", "choice"],
    logprobs: true,
    adapters: adapters.length > 0,
  };
}

/** Counts the tokens of a chat request with the model's own template. */
export function askTokenCount(
  server: ModelServer,
  request: GenerateRequest,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<number> {
  const path = "/tokenize";
  const { messages, tools } = request;
  const body = chatBody({ messages, tools }, { model, stream: false, maxTokensField: "max_tokens" });
  const schema = z.object({ count: z.int().nonnegative() });
  return server.json(
    { method: "POST", path, json: body },
    (reply) => parseResponse(`${server.label}${path}`, schema, reply).count,
    options,
  );
}

/**
 * Asks `/health`, which needs no key, and then for the facts, which need the key. Returns a text that changes
 * when the server serves another version or other models. Rejects if either fails.
 */
export async function askHealth(
  server: BinaryModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<string> {
  await server.bytes({ path: "/health" }, () => undefined, options); // its body is empty
  return JSON.stringify(await askFacts(server, model, options));
}

async function askVersion(server: ModelServer, options: ModelCallOptions): Promise<string> {
  const path = "/version";
  try {
    return await server.json(
      { path },
      (body) => parseResponse(`${server.label}${path}`, versionSchema, body).version,
      options,
    );
  } catch (error) {
    if (isMissing(error)) return ""; // a proxy that lets only /v1 through
    throw error;
  }
}

interface Asked {
  readonly model: string | undefined;
  readonly content: GenerateRequest["messages"][number]["content"];
  readonly tools?: GenerateRequest["tools"];
}

/** Returns the tokens of one message, or undefined if the server cannot count it. */
async function tokensOf(
  server: ModelServer,
  { model, content, tools }: Asked,
  options: ModelCallOptions,
): Promise<number | undefined> {
  try {
    return await askTokenCount(server, { messages: [{ role: "user", content }], tools }, model, options);
  } catch (error) {
    const isRefused = InferenceError.isInstance(error) && error.kind === "invalid-request";
    if (isRefused || isMissing(error)) return undefined;
    throw error;
  }
}

/** The server accepts images to count only if the model sees them. */
async function canSee(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<boolean> {
  const content = [
    { type: "text" as const, text: "a" },
    { type: "image" as const, image: probeImage() },
  ];
  return (await tokensOf(server, { model, content }, options)) !== undefined;
}

/** A chat template without tools drops them without a word. The prompt is then no longer than without them. */
async function takesTools(
  server: ModelServer,
  model: string | undefined,
  plain: number,
  options: ModelCallOptions,
): Promise<boolean> {
  const tools = [{ name: "probe", parameters: { type: "object", properties: {} } }];
  const withTools = await tokensOf(server, { model, content: "a", tools }, options);
  return withTools !== undefined && withTools > plain;
}

function isMissing(error: unknown): boolean {
  return InferenceError.isInstance(error) && ["not-found", "unsupported"].includes(error.kind);
}

function missingModel(
  { label, address }: ModelServer,
  model: string,
  data: readonly { readonly id: string }[],
): InferenceError {
  const names = data.map(({ id }) => id).join(", ");
  return new InferenceError(`${label}: the server has no model "${model}"; it has ${names}`, {
    kind: "not-found",
    replica: address,
  });
}

/** Returns the last part of a local path, because the folder describes the machine and not the model. */
function nameOf(id: string): string {
  const isPath = /^(\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(id);
  return isPath
    ? (id
        .replace(/[\\/]+$/, "")
        .split(/[\\/]/)
        .at(-1) ?? id)
    : id;
}

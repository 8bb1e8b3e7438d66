import type { GenerateRequest, ModelCapabilities } from "@binnacle/core";
import type { Capability } from "@binnacle/core/kit";
import type { ChatDialect } from "../../generation/create-chat-backend.ts";
import type { AttemptOptions, GenerationItem } from "../../generation/timed-generation.ts";
import { readTextEvents } from "./models/read-text-events.ts";
import { textRequest } from "./models/text-request.ts";
import { textTensorsOf, type TextTensors } from "./models/text-tensors.ts";
import { askHealth } from "./triton-facts.ts";
import type { TritonBackendSettings } from "./triton-options.ts";
import type { TritonServer } from "./triton-server.ts";
import type { InferRequest, InferResponse } from "./wire/infer-message.ts";
import type { TritonModel } from "./wire/server-facts.ts";

/** Creates the dialect of Triton. Requests that name no model use that of the settings. */
export function tritonDialect(server: TritonServer, settings: TritonBackendSettings): ChatDialect {
  const { version } = settings;
  const factsOf = async (
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly model: TritonModel; readonly tensors: TextTensors }> => {
    const model = await server.model(name, version, signal);
    return { model, tensors: textTensorsOf(server.label, model, settings.tensors) };
  };
  async function* open(
    request: GenerateRequest,
    options: AttemptOptions,
  ): AsyncGenerator<GenerationItem, void, undefined> {
    const { model, tensors } = await factsOf(request.model ?? settings.model, options.signal);
    const inputs = textRequest(request, { ...server, ...settings, model, tensors });
    const sent = { model: model.name, version, inputs };
    const isDecoupled = model.config?.isDecoupled ?? false;
    const responses = isDecoupled ? server.stream(sent, options) : single(server, sent, options);
    const { maxTokens } = request;
    yield* readTextEvents(responses, { server, model: model.name, tensors, maxTokens, isDecoupled });
  }
  return {
    ask: async (name, { signal }) => {
      const { model, tensors } = await factsOf(name ?? settings.model, signal);
      return { ...capabilities(model, tensors), adapters: settings.adapters.length > 0 };
    },
    open,
    askHealth: (options) => askHealth(server, settings.model, version, options),
    wayOut: (capability) => waysOut[capability],
  };
}

function capabilities({ name, config }: TritonModel, tensors: TextTensors): ModelCapabilities {
  return {
    model: name,
    vision: tensors.image !== undefined,
    jsonSchema: false,
    countsTokens: false,
    slots: config?.instances,
  };
}

/** Sends a request once to a model with one answer. */
async function* single(
  server: TritonServer,
  request: InferRequest,
  options: AttemptOptions,
): AsyncGenerator<InferResponse, void, undefined> {
  yield await server.infer(request, { ...options, maxAttempts: 1 });
}

const noTensor = "KServe's protocol has no tensor for it";
const waysOut: Readonly<Record<Capability, string>> = {
  vision: "the model has no input for images; name it in `tensors.image`, or use another model",
  jsonSchema: `the model cannot be bound to a JSON Schema, because ${noTensor}`,
  countsTokens: "Triton cannot count tokens; use a local tokenizer",
  tools: `the model takes no tools, because ${noTensor}; describe them in the prompt`,
  namedToolChoice: `the model takes no tools, because ${noTensor}`,
  grammars: `the model takes no grammars, because ${noTensor}`,
  logprobs: "the driver reads no log-probabilities from Triton",
  adapters: "adapters are chosen when the vLLM backend starts; name them in `adapters`",
};

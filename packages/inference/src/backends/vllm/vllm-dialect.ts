import type { GenerateRequest, Grammar } from "@binnacle/core";
import type { Capability } from "@binnacle/core/kit";
import type { ChatDialect } from "../../generation/create-chat-backend.ts";
import type { AttemptOptions, GenerationItems } from "../../generation/timed-generation.ts";
import { chatBody } from "../../protocol/chat-body.ts";
import { openChat } from "../../protocol/open-chat.ts";
import type { BinaryModelServer } from "../../server/model-server.ts";
import type { RememberedModels } from "../../server/remembered-models.ts";
import { askCapabilities, askHealth, askTokenCount, type VllmFacts } from "./vllm-facts.ts";
import type { VllmBackendSettings } from "./vllm-options.ts";
import type { VllmTraits } from "./vllm-versions.ts";

/** Options of {@link vllmDialect}. */
export interface VllmDialectOptions {
  readonly server: BinaryModelServer;
  readonly settings: VllmBackendSettings;
  readonly facts: RememberedModels<VllmFacts>;
  /** Called when a health check finds another version or other models than the check before. */
  readonly onChanged: () => void;
}

/** Creates the dialect of vLLM. Requests that name no model use the settings' model. */
export function vllmDialect({ server, settings, facts, onChanged }: VllmDialectOptions): ChatDialect {
  // vLLM serves an adapter as a model of its own.
  const modelOf = ({ adapter, model }: GenerateRequest): string | undefined =>
    adapter ?? model ?? settings.model;
  let seen: string | undefined;
  return {
    ask: async (model, options) =>
      askCapabilities(
        server,
        await facts.get(model, options.signal),
        { model: model ?? settings.model, vision: settings.vision },
        options,
      ),
    open: (request, options) => open({ server, facts, model: modelOf(request) }, request, options),
    countTokens: (request, options) => askTokenCount(server, request, modelOf(request), options),
    askHealth: async (options) => {
      const now = await askHealth(server, settings.model, options);
      if (seen !== undefined && seen !== now) onChanged();
      seen = now;
      return undefined;
    },
    wayOut: (capability) => waysOut[capability],
  };
}

interface Opening {
  readonly server: BinaryModelServer;
  readonly facts: RememberedModels<VllmFacts>;
  readonly model: string | undefined;
}

async function* open(
  { server, facts, model }: Opening,
  request: GenerateRequest,
  options: AttemptOptions,
): AsyncGenerator<GenerationItems, void, undefined> {
  const traits = needsVersion(request) ? (await facts.get(request.model, options.signal)).traits : undefined;
  const body = chatBody(request, {
    model,
    stream: true,
    maxTokensField: "max_completion_tokens",
    reasoningField: traits?.reasoningField,
    strictTools: true, // otherwise vLLM 0.32 leaves the arguments of a required call free
    fields: traits && grammarFields(request, traits),
  });
  const path = "/v1/chat/completions";
  yield* openChat(server, { path, body, model: model ?? "", logprobs: request.logprobs }, options);
}

/** Returns true if versions of vLLM name a field of this request differently. */
function needsVersion({ grammar, messages }: GenerateRequest): boolean {
  return grammar !== undefined || messages.some((message) => "reasoning" in message);
}

/** Returns the field of a grammar in the server's version. */
export function grammarFields(
  { grammar }: GenerateRequest,
  { grammarField }: Pick<VllmTraits, "grammarField">,
): Record<string, unknown> {
  if (grammar === undefined) return {};
  const [name, value] = constraintOf(grammar);
  return grammarField === "guided"
    ? { [`guided_${name}`]: value }
    : { structured_outputs: { [name]: value } };
}

function constraintOf(grammar: Grammar): readonly [name: string, value: unknown] {
  switch (grammar.syntax) {
    case "regex":
      return ["regex", grammar.pattern];
    case "choice":
      return ["choice", grammar.choices];
    default:
      return ["grammar", grammar.grammar];
  }
}

const waysOut: Readonly<Record<Capability, string>> = {
  vision: "the served model sees no images; serve a vision model, or set vision: true if it sees them",
  jsonSchema: "this vLLM cannot make its answer follow a JSON Schema",
  countsTokens: "this server has no /tokenize; let the proxy before it pass that path",
  tools:
    "the model's chat template has no tools, so the server would ignore them; start it with a --chat-template that has tools",
  namedToolChoice: "this vLLM takes no tool choice that names a tool",
  grammars: "this vLLM takes no grammar of this syntax",
  logprobs: "this vLLM returns no log-probabilities",
  adapters: "the server has loaded no adapter; start it with --enable-lora and --lora-modules",
};

import { InferenceError, type GenerateRequest, type Grammar } from "@binnacle/core";
import type { Capability } from "@binnacle/core/kit";
import type { ChatDialect } from "../../generation/create-chat-backend.ts";
import { chatBody } from "../../protocol/chat-body.ts";
import { openChat } from "../../protocol/open-chat.ts";
import type { ModelServer } from "../../server/model-server.ts";
import { declaredCapabilities } from "./openai-facts.ts";
import type { OpenAIBackendSettings } from "./openai-options.ts";

/** Creates the dialect of OpenAI, with the fields that other servers of its protocol have added. */
export function openAIDialect(server: ModelServer, settings: OpenAIBackendSettings): ChatDialect {
  return {
    ask: async (model) => declaredCapabilities(settings, model),
    open: (request, options) => {
      const { maxTokensField, reasoningField } = settings;
      // vLLM serves an adapter as a model of its own.
      const model = request.adapter ?? request.model ?? settings.model;
      const fields = grammarFields(request);
      const body = chatBody(request, { model, stream: true, maxTokensField, reasoningField, fields });
      return openChat(
        server,
        { path: "/chat/completions", body, model, logprobs: request.logprobs },
        options,
      );
    },
    askHealth: async (options) => {
      try {
        await server.json({ path: "/models" }, () => undefined, options);
        return undefined;
      } catch (error) {
        if (InferenceError.isInstance(error) && error.kind === "not-found") return error.message;
        throw error;
      }
    },
    wayOut: (capability) => waysOut[capability],
  };
}

const undeclared = (option: string, what: string): string =>
  `${what} is not declared for this model; set ${option} if the model supports it`;

const waysOut: Readonly<Record<Capability, string>> = {
  vision: undeclared("vision: true", "image input"),
  jsonSchema: "the options declare jsonSchema: false; remove it if the server follows a JSON Schema",
  countsTokens: "this protocol cannot count tokens; use a tokenizer of the model",
  tools: undeclared("tools: true", "tool use"),
  namedToolChoice:
    "the options declare no namedToolChoice; set namedToolChoice: true if the server follows it",
  grammars: undeclared("grammars", "a grammar of this syntax"),
  logprobs: undeclared("logprobs: true", "log-probabilities"),
  adapters: undeclared("adapters: true", "the choice of an adapter"),
};

/** Returns the field of a grammar: `grammar` for llama-server, `structured_outputs` for vLLM. */
function grammarFields({ grammar }: GenerateRequest): Record<string, unknown> {
  if (grammar === undefined) return {};
  return grammar.syntax === "gbnf"
    ? { grammar: grammar.grammar }
    : { structured_outputs: structuredOutputs(grammar) };
}

function structuredOutputs(grammar: Grammar): Record<string, unknown> {
  switch (grammar.syntax) {
    case "regex":
      return { regex: grammar.pattern };
    case "choice":
      return { choice: grammar.choices };
    default:
      return { grammar: grammar.grammar };
  }
}

import type { GenerateRequest, Grammar } from "@binnacle/core";
import type { Capability } from "@binnacle/core/kit";
import type { ChatDialect } from "../../generation/create-chat-backend.ts";
import { chatBody } from "../../protocol/chat-body.ts";
import { openChat } from "../../protocol/open-chat.ts";
import type { ModelServer } from "../../server/model-server.ts";
import { askCapabilities, askHealth, askTokenCount } from "./llama-cpp-facts.ts";

/** Creates the dialect of llama-server. Requests that name no model use `model`. */
export function llamaCppDialect(server: ModelServer, model: string | undefined): ChatDialect {
  const body = (request: GenerateRequest, stream: boolean): Record<string, unknown> =>
    chatBody(request, {
      model: request.model ?? model,
      stream,
      maxTokensField: "max_tokens",
      reasoningField: "reasoning_content",
      fields: { grammar: request.grammar && gbnfOf(request.grammar) },
    });
  return {
    ask: (asked, options) => askCapabilities(server, asked ?? model, options),
    open: (request, options) =>
      openChat(
        server,
        {
          path: "/v1/chat/completions",
          body: body(request, true),
          model: request.model ?? model ?? "",
          logprobs: request.logprobs,
        },
        options,
      ),
    countTokens: (request, options) => askTokenCount(server, body(request, false), options),
    askHealth: async (options) => {
      await askHealth(server, model, options);
      return undefined;
    },
    wayOut: (capability) => waysOut[capability],
  };
}

const waysOut: Readonly<Record<Capability, string>> = {
  vision: "the served model sees no images; start llama-server with --mmproj",
  jsonSchema: "this llama-server cannot make its answer follow a JSON Schema",
  countsTokens: "this llama-server cannot count tokens; update it",
  tools:
    "the model's chat template has no tools, so the server would ignore them; start it with --jinja and a template that has tools",
  namedToolChoice:
    'llama-server ignores a tool choice that names a tool; pass that tool alone and choose "required"',
  grammars: "llama-server takes grammars of the syntaxes gbnf and choice only",
  logprobs: "this llama-server returns no log-probabilities",
  adapters: "llama-server chooses adapters when it starts; start it with --lora",
};

/**
 * Returns the grammar in llama.cpp's syntax, or undefined for a syntax that it does not read. See
 * https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md.
 */
export function gbnfOf(grammar: Grammar): string | undefined {
  if (grammar.syntax === "gbnf") return grammar.grammar;
  if (grammar.syntax !== "choice") return undefined;
  const literals = grammar.choices.map(
    (choice) => `"${choice.toWellFormed().replaceAll(/["\\]|\p{Cc}/gu, escaped)}"`,
  );
  return `root ::= ${literals.join(" | ")}`;
}

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0").toUpperCase()}`;
}

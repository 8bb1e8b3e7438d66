import type { ContentPart } from "./content-part.ts";
import type { JsonValue } from "./metadata.ts";

/** A JSON Schema (https://json-schema.org). */
export interface JsonSchema {
  readonly [keyword: string]: JsonValue;
}

/** A function that the model may request the caller to run. */
export interface ToolDefinition {
  /** At most 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /** Explains to the model what the tool does and when to use it. @default none */
  readonly description?: string | undefined;
  /** Schema of the arguments, which are one object. */
  readonly parameters: JsonSchema;
}

/** A tool call that the model requests. The caller runs it and returns the result in a message of role
 * `tool`. */
export interface ToolCall {
  /** Connects the result with this call. */
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text, as the model wrote them. Check them against the schema before use. */
  readonly arguments: string;
}

/**
 * Controls tool calls. `auto`: the model decides. `none`: the model calls no tool. `required`: the model
 * calls at least one tool. A name: the model calls that tool. This union may grow: a driver refuses a choice
 * that it does not know.
 */
export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** One turn of a conversation. This union may grow: a driver refuses a role that it does not know. */
export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string | readonly ContentPart[] }
  | {
      readonly role: "assistant";
      /** May be empty beside `toolCalls`. */
      readonly content: string | readonly ContentPart[];
      /** The model's reasoning of this turn, for models that need it again. @default none */
      readonly reasoning?: string | undefined;
      /** The tool calls that the model requested in this turn. @default none */
      readonly toolCalls?: readonly ToolCall[] | undefined;
    }
  | {
      /** The result of a tool call. */
      readonly role: "tool";
      readonly toolCallId: string;
      readonly content: string | readonly ContentPart[];
    };

/**
 * A constraint on the generated text. `gbnf`: a grammar in the syntax of llama.cpp. `ebnf`: a grammar in the
 * syntax of the server's engine. `regex`: a regular expression for the whole text. `choice`: one of these
 * texts. This union may grow: a driver refuses a syntax that it does not know.
 */
export type Grammar =
  | { readonly syntax: "gbnf" | "ebnf"; readonly grammar: string }
  | { readonly syntax: "regex"; readonly pattern: string }
  | { readonly syntax: "choice"; readonly choices: readonly string[] };

/**
 * A request for a generation. The server decides about missing fields. A driver refuses a field that the
 * model does not support with an `UnsupportedError` before it sends anything.
 */
export interface GenerateRequest {
  /** The conversation so far, at least one message. */
  readonly messages: readonly ChatMessage[];
  /** Name of the model, for servers and pools with several models. @default the driver's own */
  readonly model?: string | undefined;
  /** Name of an adapter (LoRA) for the model. @default none */
  readonly adapter?: string | undefined;
  /** Most tokens to generate. */
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  /** Texts that end the generation. They are not part of the result. */
  readonly stop?: readonly string[] | undefined;
  /** JSON Schema that the text must satisfy. Not together with `grammar`. */
  readonly jsonSchema?: JsonSchema | undefined;
  /** Grammar that the text must satisfy. Not together with `jsonSchema`. */
  readonly grammar?: Grammar | undefined;
  /** Tools that the model may call. */
  readonly tools?: readonly ToolDefinition[] | undefined;
  /** Needs `tools`. @default "auto" */
  readonly toolChoice?: ToolChoice | undefined;
  /** Requests the log-probability of each token, and of this many alternatives (0 to 20). @default none */
  readonly logprobs?: number | undefined;
}

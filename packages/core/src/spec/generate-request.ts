import type { ContentPart } from "./content-part.ts";
import type { JsonValue } from "./metadata.ts";

/** A JSON Schema (https://json-schema.org). */
export interface JsonSchema {
  readonly [keyword: string]: JsonValue;
}

/** A function that the model may ask the caller to run. */
export interface ToolDefinition {
  /** Letters, digits, `_` and `-`; at most 64. */
  readonly name: string;
  /** Tells the model what the tool does and when to use it. */
  readonly description?: string | undefined;
  /** Schema of the arguments, an object. */
  readonly parameters: JsonSchema;
}

/** A call that the model asks for. The caller runs it and answers with a message of role `tool`. */
export interface ToolCall {
  /** Ties the answer to this call. */
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it. Check it against the schema before use. */
  readonly arguments: string;
}

/**
 * Whether the model calls tools: `auto` lets it decide, `none` forbids it, `required` asks for at least one call, a name
 * asks for that tool. This union may grow: a driver refuses a choice that it does not know.
 */
export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** One turn of a conversation. This union may grow: a driver refuses a role that it does not know. */
export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string | readonly ContentPart[] }
  | {
      readonly role: "assistant";
      /** May be empty beside `toolCalls`. */
      readonly content: string | readonly ContentPart[];
      /** What the model thought, handed back to models that want it. */
      readonly reasoning?: string | undefined;
      /** The calls that this turn asked for. */
      readonly toolCalls?: readonly ToolCall[] | undefined;
    }
  | {
      /** The result of a tool call. */
      readonly role: "tool";
      readonly toolCallId: string;
      readonly content: string | readonly ContentPart[];
    };

/**
 * What the text must look like: a grammar as llama.cpp (`gbnf`) or the server's engine (`ebnf`) writes it, a regular
 * expression for the whole text, or one of some texts. This union may grow: a driver refuses a syntax that it does not
 * know.
 */
export type Grammar =
  | { readonly syntax: "gbnf" | "ebnf"; readonly grammar: string }
  | { readonly syntax: "regex"; readonly pattern: string }
  | { readonly syntax: "choice"; readonly choices: readonly string[] };

/**
 * What to generate. A field that is missing is left to the server. A field that the model cannot do is refused with
 * `UnsupportedError` before anything is sent.
 */
export interface GenerateRequest {
  /** At least one. */
  readonly messages: readonly ChatMessage[];
  /** Which model, on a server or pool of several. @default the driver's own */
  readonly model?: string | undefined;
  /** Which adapter (LoRA) of the model. @default none */
  readonly adapter?: string | undefined;
  /** Most tokens to generate. */
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  /** Texts that end the generation; they are not part of the result. */
  readonly stop?: readonly string[] | undefined;
  /** JSON Schema the text must satisfy. Not together with `grammar`. */
  readonly jsonSchema?: JsonSchema | undefined;
  /** Grammar the text must satisfy. Not together with `jsonSchema`. */
  readonly grammar?: Grammar | undefined;
  /** Tools the model may call. */
  readonly tools?: readonly ToolDefinition[] | undefined;
  /** Needs `tools`. @default "auto" */
  readonly toolChoice?: ToolChoice | undefined;
  /** Asks for the log-probability of each token, with this many alternatives, 0 to 20. @default none */
  readonly logprobs?: number | undefined;
}

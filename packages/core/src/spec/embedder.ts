import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { Closable, InferenceCallOptions } from "./call-options.ts";
import type { ContentPart } from "./content-part.ts";

/** Names the space that vectors live in. Only vectors of one space may be compared. */
export interface VectorSpace {
  /** Model and revision, pooling, query and document prefixes, normalisation and dimensions: whatever changes the
   * numbers. Never the server's address or the provider's name. */
  readonly id: string;
  /** Numbers per vector. */
  readonly dimensions: number;
  /** The similarity under which this model's hits are noise, where that is known. Used when a caller gives none. */
  readonly suggestedMinScore?: number | undefined;
}

/** What an embedder is and what it takes, as the server says. */
export interface EmbedderInfo {
  readonly space: VectorSpace;
  /** Kinds of input accepted; `text+image` is one input that holds both. This union may grow: skip what you do not know. */
  readonly accepts: readonly ("text" | "image" | "text+image")[];
  /** Most inputs in one request to the server; `embed` itself takes any number and splits. */
  readonly maxItems: number;
  /** Most tokens in one input, where the server says so. A longer input is reported as an error, never cut. */
  readonly maxTokensPerItem?: number | undefined;
  /** Requests that may usefully run at the same time. */
  readonly concurrency: number;
}

/** One thing to embed: a text, or parts that become one vector. A string is the same as one text part. */
export type EmbedInput = string | { readonly content: readonly ContentPart[] };

/** Asymmetric models embed questions and passages differently. This union may grow: treat a role that you do not know as
 * `document`. */
export type EmbedRole = "query" | "document";

/** Options of {@link Embedder.embed}. */
export interface EmbedOptions extends InferenceCallOptions {
  readonly role: EmbedRole;
}

/** Tokens a call cost, as the server counted them. */
export interface TokenUsage {
  readonly tokens: number;
}

/** One outcome per input, in input order. */
export interface EmbedResult {
  /** The space of every vector in this result; may be empty where there is none. */
  readonly spaceId: string;
  /** A vector of `dimensions` finite numbers that are not all zero, or why this one input has none. The vectors of one
   * result may share a buffer: copy one before transferring it. */
  readonly outcomes: readonly (Float32Array | BinnacleError)[];
  /** Missing where the server does not say. */
  readonly usage?: TokenUsage | undefined;
}

/** Turns texts or images into vectors. */
export interface Embedder extends Closable {
  /** Asks the server on first use, remembers the answer, and asks again after a lost connection. */
  describe(options?: InferenceCallOptions): Promise<EmbedderInfo>;
  /**
   * Embeds any number of inputs; an empty list resolves to no outcomes without a request. One bad input is an error
   * in its own outcome and costs the others nothing. A failure of the server as a whole rejects.
   */
  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult>;
}

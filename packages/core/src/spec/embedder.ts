import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { Closable, InferenceCallOptions } from "./call-options.ts";
import type { ContentPart } from "./content-part.ts";

/** The space of vectors. Only vectors of one space may be compared. */
export interface VectorSpace {
  /** Names everything that changes the numbers: model, revision, pooling, prefixes, normalisation and
   * dimensions. Does not name the server's address or the provider. */
  readonly id: string;
  /** Numbers per vector. */
  readonly dimensions: number;
  /** The similarity below which hits of this model are noise. Used if the caller gives no threshold. @default
   * unknown */
  readonly suggestedMinScore?: number | undefined;
}

/** The space and the limits of an embedder. */
export interface EmbedderInfo {
  readonly space: VectorSpace;
  /** Kinds of input that the embedder accepts. `text+image` is one input with both. This union may grow: skip
   * a kind that you do not know. */
  readonly accepts: readonly ("text" | "image" | "text+image")[];
  /** Most inputs in one request to the server. `embed` takes any number and splits it. */
  readonly maxItems: number;
  /** Most tokens in one input. A longer input is an error, and is never cut. Undefined if the server does not
   * report it. */
  readonly maxTokensPerItem?: number | undefined;
  /** Number of requests that the server can process well at the same time. */
  readonly concurrency: number;
}

/** One input to embed: a text, or parts that become one vector. A string equals a single text part. */
export type EmbedInput = string | { readonly content: readonly ContentPart[] };

/** The role of a text, because some models embed queries and documents differently. This union may grow:
 * treat a role that you do not know as `document`. */
export type EmbedRole = "query" | "document";

/** Options of {@link Embedder.embed}. */
export interface EmbedOptions extends InferenceCallOptions {
  readonly role: EmbedRole;
}

/** Tokens of a call, as the server counted them. */
export interface TokenUsage {
  readonly tokens: number;
}

/** The result of {@link Embedder.embed}. */
export interface EmbedResult {
  /** {@link VectorSpace.id} of all vectors in this result. May be empty if there are no vectors. */
  readonly spaceId: string;
  /** One outcome per input, in input order: a vector of finite numbers that are not all zero, or the error of
   * this input. Vectors of one result may share a buffer, so copy a vector before you transfer it. */
  readonly outcomes: readonly (Float32Array | BinnacleError)[];
  /** Missing if the server does not report it. */
  readonly usage?: TokenUsage | undefined;
}

/** Turns texts or images into vectors. */
export interface Embedder extends Closable {
  /** Returns space and limits. Asks the server on first use and again after a lost connection. */
  describe(options?: InferenceCallOptions): Promise<EmbedderInfo>;
  /**
   * Embeds any number of inputs. An empty list returns no outcomes and sends no request. A bad input is an
   * error in its own outcome and does not affect the other inputs. A failure of the whole server rejects.
   */
  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult>;
}

import {
  BinnacleError,
  InferenceError,
  InvalidResponseError,
  UnsupportedError,
  type EmbedInput,
  type EmbedResult,
  type VectorSpace,
} from "@binnacle/core";
import {
  denseVectorIssue,
  inBatches,
  inputText,
  isMixedInput,
  mapConcurrent,
  normalized,
} from "@binnacle/core/kit";
import type { Embeddings } from "./parse-embeddings.ts";

/** How to embed. */
export interface EmbedInBatchesOptions {
  readonly space: VectorSpace;
  /** Put before every text. */
  readonly prefix: string;
  readonly maxItems: number;
  /** Most bytes of text in one request, unless one text alone has more. */
  readonly maxBytes: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** Sends one batch. What it throws of kind `too-long` or `invalid-request` is laid at the door of single texts. */
  readonly send: (texts: readonly string[], signal: AbortSignal) => Promise<Embeddings>;
}

interface Item {
  readonly index: number;
  readonly text: string;
}

type Outcome = Float32Array | BinnacleError;

/**
 * Embeds any number of inputs: in batches, several at a time, in input order. A batch that is refused for what it holds
 * is halved until the texts at fault stand alone; they get the error, the others their vectors. A server that refuses
 * every text, a harmless one too, is not refusing the texts: that rejects.
 */
export async function embedInBatches(
  inputs: readonly EmbedInput[],
  options: EmbedInBatchesOptions,
): Promise<EmbedResult> {
  const { space, maxItems, maxBytes, concurrency, signal } = options;
  const outcomes: Outcome[] = [];
  const items: Item[] = [];
  for (const [index, input] of inputs.entries()) {
    const text = textOf(input, options.prefix);
    if (typeof text === "string") items.push({ index, text });
    else outcomes[index] = text;
  }
  const bytesOf = ({ text }: Item): number => Buffer.byteLength(text);
  const batches = inBatches(items, { maxItems, maxBytes, bytesOf });
  const call = new Call(options);
  const replies = await mapConcurrent(batches, { concurrency, signal }, async (batch, _, batchSignal) => {
    const reply = await call.embedOrHalve(batch, batchSignal);
    for (const [position, { index }] of batch.entries()) {
      const outcome = reply.outcomes[position];
      if (outcome !== undefined) outcomes[index] = outcome;
    }
    return reply.tokens;
  });
  const counts = replies.filter((tokens) => tokens !== undefined);
  const usage = counts.length === 0 ? undefined : { tokens: counts.reduce((sum, tokens) => sum + tokens, 0) };
  return { spaceId: space.id, outcomes, usage };
}

interface Reply {
  readonly outcomes: readonly Outcome[];
  readonly tokens?: number | undefined;
}

/** One call of {@link embedInBatches}, which knows whether the server has taken any of its texts. */
class Call {
  readonly #options: EmbedInBatchesOptions;
  #hasTakenText = false;
  #refusesEverything: Promise<boolean> | undefined;

  constructor(options: EmbedInBatchesOptions) {
    this.#options = options;
  }

  async embedOrHalve(batch: readonly Item[], signal: AbortSignal): Promise<Reply> {
    const { space, send } = this.#options;
    const texts = batch.map(({ text }) => text);
    try {
      const { vectors, tokens } = await send(texts, signal);
      this.#hasTakenText = true;
      return { outcomes: vectors.map((vector) => checked(vector, space)), tokens };
    } catch (error) {
      if (!isAboutInput(error) || (await this.#isAboutServer(error, signal))) throw error;
      if (batch.length === 1) return { outcomes: [error] };
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await this.embedOrHalve(batch.slice(0, middle), signal);
    const second = await this.embedOrHalve(batch.slice(middle), signal);
    const outcomes = [...first.outcomes, ...second.outcomes];
    return { outcomes, tokens: (first.tokens ?? 0) + (second.tokens ?? 0) };
  }

  // A wrong model name, say, is refused in the same words as a wrong text. One text more tells them apart, and spares
  // the halving of every batch. Too long is said of texts only.
  async #isAboutServer({ kind }: InferenceError, signal: AbortSignal): Promise<boolean> {
    if (kind !== "invalid-request" || this.#hasTakenText) return false;
    this.#refusesEverything ??= this.#options.send([`${this.#options.prefix}a`], signal).then(
      () => false,
      (error: unknown) => {
        if (isAboutInput(error)) return error.kind === "invalid-request";
        throw error;
      },
    );
    return this.#refusesEverything;
  }
}

function isAboutInput(error: unknown): error is InferenceError {
  return InferenceError.isInstance(error) && (error.kind === "too-long" || error.kind === "invalid-request");
}

function checked(vector: Float32Array, { id, dimensions }: VectorSpace): Outcome {
  if (vector.length !== dimensions) {
    throw new InvalidResponseError(
      `the server answered with ${vector.length} numbers where the space "${id}" has ${dimensions}; was its model changed?`,
    );
  }
  return denseVectorIssue(vector, dimensions) ?? normalized(vector);
}

function textOf(input: EmbedInput, prefix: string): string | BinnacleError {
  if (isMixedInput(input)) {
    return new UnsupportedError("this embedder takes texts only; images need a multimodal one", {
      capability: "image",
    });
  }
  const text = inputText(input);
  if (text.trim() === "") return new BinnacleError("empty_input", "an empty text has no meaning to embed");
  // UTF-8 cannot say a lone surrogate: TextEncoder, and every server behind it, reads U+FFFD.
  return (prefix + text).toWellFormed();
}

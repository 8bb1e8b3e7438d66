import type { Metadata, Retrieval, RetrieveOptions, Retriever } from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import { retrievedText } from "../retrieved-text.ts";

/** Options of {@link toAISDK}. */
export interface RetrieverToolOptions<F extends Metadata = Metadata> {
  /** Explains to the model what it can find. Name your documents. */
  readonly description: string;
  /** Most passages of one search. @default the retriever's own */
  readonly limit?: number | undefined;
  /** Filter of every search. The model cannot change it. @default none */
  readonly filter?: RetrieveOptions<F>["filter"];
  /** Most tokens of the passages in one answer to the model. @default 2_000 */
  readonly maxTokens?: number | undefined;
  /** Called with each retrieval, for citations. @default none */
  readonly onRetrieval?: ((retrieval: Retrieval) => void) | undefined;
}

/** Facts of a tool call, as the AI SDK passes them. */
export interface ToolCallFacts {
  readonly abortSignal?: AbortSignal | undefined;
}

/** A tool of the AI SDK that searches. */
export interface RetrieverTool {
  readonly description: string;
  readonly inputSchema: z.ZodType<{ query: string }, { query: string }>;
  /** Returns the passages as numbered text. */
  readonly execute: (input: { query: string }, facts: ToolCallFacts) => Promise<string>;
}

const schema = z.strictObject({
  retriever: part<Retriever>(["retrieve"], "a Retriever, such as createRetriever({ store, index })"),
  description: z.string().min(1),
  limit: z.int().positive().optional(),
  filter: z.custom<RetrieveOptions["filter"]>().optional(),
  maxTokens: z.int().positive().default(2_000),
  onRetrieval: z
    .custom<(retrieval: Retrieval) => void>((value) => typeof value === "function", "must be a function")
    .optional(),
});

/** Creates a tool for the AI SDK's `generateText`, `streamText` and agents from a retriever. */
export function toAISDK<M extends Metadata, F extends Metadata>(
  retriever: Retriever<M, F>,
  options: RetrieverToolOptions<F>,
): RetrieverTool {
  const { description, limit, maxTokens, onRetrieval } = parseOptions("toAISDK", schema, {
    retriever,
    ...options,
  });
  const { filter } = options;
  return {
    description,
    inputSchema: z.object({
      query: z.string().min(1).describe("A question or keywords, in the language of the documents"),
    }),
    execute: async ({ query }, { abortSignal: signal }) => {
      const retrieval = await retriever.retrieve(query, { limit, filter, signal });
      onRetrieval?.(retrieval);
      return retrievedText(retrieval, { maxTokens });
    },
  };
}

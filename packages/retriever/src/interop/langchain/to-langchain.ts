import type { CallbackManagerForRetrieverRun } from "@langchain/core/callbacks/manager";
import { Document } from "@langchain/core/documents";
import { BaseRetriever } from "@langchain/core/retrievers";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { Metadata, Passage, RetrieveOptions, Retriever } from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link toLangChain}. */
export interface LangChainRetrieverOptions<F extends Metadata = Metadata> {
  /** Most documents of one search. @default the retriever's own */
  readonly limit?: number | undefined;
  /** Filter of every search. @default none */
  readonly filter?: RetrieveOptions<F>["filter"];
}

/** Metadata of a LangChain document from a retriever. `metadata` holds the passage's own. */
export interface PassageMetadata {
  readonly documentId: string;
  readonly sourceId: string;
  /** Offsets of the text in the document, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly path: readonly string[];
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  readonly score: number;
  readonly metadata: Metadata;
}

const schema = z.strictObject({
  retriever: part<Retriever>(["retrieve"], "a Retriever, such as createRetriever({ store, index })"),
  limit: z.int().positive().optional(),
  filter: z.custom<RetrieveOptions["filter"]>().optional(),
});

/** Creates a retriever of LangChain. Its documents are passages, best first. `asTool` makes it a tool. */
export function toLangChain<M extends Metadata, F extends Metadata>(
  retriever: Retriever<M, F>,
  options: LangChainRetrieverOptions<F> = {},
): BaseRetriever<PassageMetadata> {
  const { limit } = parseOptions("toLangChain", schema, { retriever, ...options });
  const { filter } = options;
  return new PassageRetriever((query, signal) => retriever.retrieve(query, { limit, filter, signal }));
}

type Search = (
  query: string,
  signal: AbortSignal | undefined,
) => Promise<{ readonly passages: readonly Passage[] }>;

class PassageRetriever extends BaseRetriever<PassageMetadata> {
  readonly lc_namespace = ["binnacle", "retrievers"];
  readonly #search: Search;

  constructor(search: Search) {
    super();
    this.#search = search;
  }

  /** Checks the signal first, because LangChain hands none to `_getRelevantDocuments`. */
  override async invoke(input: string, options?: RunnableConfig): Promise<Document<PassageMetadata>[]> {
    options?.signal?.throwIfAborted();
    return super.invoke(input, options);
  }

  override async _getRelevantDocuments(
    query: string,
    _run?: CallbackManagerForRetrieverRun,
  ): Promise<Document<PassageMetadata>[]> {
    const { passages } = await this.#search(query, undefined);
    return passages.map(documentOf);
  }
}

function documentOf(passage: Passage): Document<PassageMetadata> {
  const { documentId, sourceId, start, end, path, title, uri, score, metadata, text } = passage;
  const [first] = passage.hits;
  return new Document({
    ...(first === undefined ? {} : { id: first.id }),
    pageContent: text,
    metadata: { documentId, sourceId, start, end, path, title, uri, score, metadata },
  });
}

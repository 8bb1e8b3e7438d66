import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** A family of embedding models that share their prefixes. */
export type EmbeddingFamily = "nomic" | "e5" | "bge" | "bge-zh" | "qwen3" | "embedding-gemma";

/** The texts that a family expects before queries and documents. */
export interface RolePrefixes {
  readonly queryPrefix: string;
  readonly documentPrefix: string;
}

/** Options of {@link rolePrefixes}. */
export interface RolePrefixOptions {
  /**
   * The search task in one English sentence. Only Qwen3 reads a sentence; other families have fixed texts.
   * @default "Given a web search query, retrieve relevant passages that answer the query"
   */
  readonly task?: string | undefined;
}

const defaultTask = "Given a web search query, retrieve relevant passages that answer the query";

// Each text stands in the model card of its family, under the heading that the comment names.
const families: Readonly<Record<EmbeddingFamily, (task: string) => RolePrefixes>> = {
  // nomic-ai/nomic-embed-text-v1.5 and v2-moe, "Task instruction prefixes".
  nomic: () => ({ queryPrefix: "search_query: ", documentPrefix: "search_document: " }),
  // intfloat/e5-base-v2 and multilingual-e5-base, "FAQ 1". The `e5-*-instruct` models are unlike these.
  e5: () => ({ queryPrefix: "query: ", documentPrefix: "passage: " }),
  // BAAI/bge-base-en-v1.5, "Model List". bge-m3 takes no prefix at all.
  bge: () => ({
    queryPrefix: "Represent this sentence for searching relevant passages: ",
    documentPrefix: "",
  }),
  // BAAI/bge-base-zh-v1.5, "Model List".
  "bge-zh": () => ({ queryPrefix: "为这个句子生成表示以用于检索相关文章：", documentPrefix: "" }),
  // Qwen/Qwen3-Embedding-0.6B, "Usage", `get_detailed_instruct`.
  qwen3: (task) => ({ queryPrefix: `Instruct: ${task}\nQuery:`, documentPrefix: "" }),
  // google/embeddinggemma-300m, "Prompt Instructions": "Retrieval (Query)" and "Retrieval (Document)".
  "embedding-gemma": () => ({
    queryPrefix: "task: search result | query: ",
    documentPrefix: "title: none | text: ",
  }),
};

const schema = z.strictObject({
  family: z.enum(["nomic", "e5", "bge", "bge-zh", "qwen3", "embedding-gemma"]),
  task: z.string().trim().min(1).optional(),
});

/**
 * Returns the prefixes that a family of embedding models was trained with, for the options of any embedder.
 * The prefixes are part of the name of the embedder's space. Throws a `ConfigurationError` for an unknown
 * family, and for a `task` that the family does not read.
 */
export function rolePrefixes(family: EmbeddingFamily, options: RolePrefixOptions = {}): RolePrefixes {
  const known = parseOptions(
    "rolePrefixes",
    schema.refine((given) => given.task === undefined || given.family === "qwen3", {
      path: ["task"],
      message: `is only read by "qwen3"; remove it`,
    }),
    { family, ...options },
  );
  return families[known.family](known.task ?? defaultTask);
}

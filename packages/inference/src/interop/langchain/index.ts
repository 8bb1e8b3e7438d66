/**
 * Embeddings of LangChain (https://docs.langchain.com/oss/javascript) as embedders, and embedders and backends
 * as parts of LangChain. It needs `@langchain/core` 1.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/inference-langchain.ts}
 * @module inference/langchain
 */
export { fromLangChain, type LangChainEmbedderOptions } from "./from-langchain.ts";
export { toLangChain } from "./to-langchain.ts";
export { type BinnacleCallOptions, type BinnacleChatModel } from "./binnacle-chat-model.ts";
export { type EmbeddingOptions } from "../../embedding/embedding-options.ts";

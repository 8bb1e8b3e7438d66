/**
 * A retriever as a retriever of LangChain (https://docs.langchain.com/oss/javascript). It needs
 * `@langchain/core` 1.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-langchain.ts}
 * @module retriever/langchain
 */
export { toLangChain, type LangChainRetrieverOptions, type PassageMetadata } from "./to-langchain.ts";

/**
 * Tokenizers of models from their own `tokenizer.json`. It needs `@huggingface/tokenizers`.
 *
 * @example
 * {@includeCode ../../../../../../docs/examples/retriever-huggingface.ts}
 * @module retriever/huggingface
 */
export {
  createHuggingFaceTokenizer,
  type HuggingFaceTokenizerOptions,
} from "./create-huggingface-tokenizer.ts";

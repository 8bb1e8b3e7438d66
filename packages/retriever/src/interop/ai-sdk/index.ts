/**
 * A retriever as a tool of the AI SDK (https://ai-sdk.dev). It loads nothing of the AI SDK.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-ai-sdk.ts}
 * @module retriever/ai-sdk
 */
export { toAISDK, type RetrieverTool, type RetrieverToolOptions, type ToolCallFacts } from "./to-ai-sdk.ts";

import type { FailureRow } from "./failure-table.ts";

// With other statuses, such as 429, the same words have another meaning. Some servers answer 200 or put the
// error into a stream, where it has no status.
const refusals = [200, 400, 413, 422, 500, undefined];
const tooLong = (message: RegExp): FailureRow => ({ kind: "too-long", message, statuses: refusals });

/**
 * Rows for servers of OpenAI's protocol. They match by text, because llama-server also answers permanent
 * faults with 500.
 */
export const chatServerRows: readonly FailureRow[] = [
  { kind: "too-long", code: /^(exceed_context_size_error|context_length_exceeded|max_tokens_per_request)$/ },
  { kind: "unsupported", code: /^(not_supported_error|unsupported_parameter|unsupported_value)$/ },
  { kind: "not-found", code: /^model_not_found$/ },
  { kind: "quota", code: /^(insufficient_quota|billing_hard_limit_reached|insufficient_balance)$/i },
  // vLLM 0.32. Later requests and its health check get 503 or a refused connection.
  { kind: "engine-dead", code: /^EngineDeadError$/ },
  {
    kind: "engine-dead",
    message: /^(EngineCore encountered an issue|.{0,40}Background loop (has errored|is stopped))/,
    statuses: [500, 503, undefined],
  },
  // llama-server 0.7.0: "input (602 tokens) is too large to process. increase the physical batch size"
  tooLong(/\(\d+ tokens\) is too large to process|^input is too large to process/i),
  // OpenAI, vLLM 0.32, Mistral: "This model's maximum context length is 8192 tokens", "maximum input length
  // is …"
  tooLong(/max(imum)? (model |context |input |sequence )+length/i),
  // OpenAI's embeddings, for a batch: "Requested 302371 tokens, max 300000 tokens per request"
  tooLong(/max(imum)? \d+ tokens per request/i),
  // Ollama: "the input length exceeds the context length"; llama-cpp-python: "Requested tokens (9) exceed
  // context window"
  tooLong(/exceeds? (the |this |its )?(model's |available |maximum |input )*context (length|size|window)/i),
  // LM Studio: "Context size has been exceeded", "the model is loaded with context length of only 32768
  // tokens"
  tooLong(/context (length|size|window) (has been exceeded|of only \d+)/i),
  // SGLang, Together: "The input (61709 tokens) is longer than the model's context length (40960 tokens)."
  tooLong(/longer than the (model's )?(maximum )?(context|model|input) length/i),
  // Bedrock, Anthropic, vLLM: "Input is too long", "prompt is too long", "The prompt (total length 9) is too
  // long to fit"
  tooLong(/\b(input|prompt|text)s?( \([^)]*\))? (is|are) too long/i),
  // text-embeddings-inference: "`inputs` must have less than 512 tokens. Given: 600"
  tooLong(/must have less than \d+ tokens/i),
  // llama-server 0.7.0: "image input is not supported - hint: …"
  { kind: "unsupported", message: /^\w+ input is not supported/i, statuses: [400, 500, undefined] },
  // llama-server 0.7.0, for bytes that are no image
  { kind: "invalid-request", message: /^failed to load image/i, statuses: [400, 500, undefined] },
  { kind: "loading", message: /^loading model\b/i, statuses: [503, undefined] }, // llama-server 0.7.0
  // llama-server's router: "model 'zzz' not found"
  { kind: "not-found", message: /^model .{1,200} not found$/i, statuses: [400, 404, undefined] },
];

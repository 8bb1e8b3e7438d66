/**
 * Building blocks for drivers: options, HTTP, event streams, deadlines, retries, batches, ids and vectors.
 *
 * @example
 * {@includeCode ../../../../docs/examples/core-kit.ts}
 * @module core/kit
 */
export { abortable } from "./time/abortable.ts";
export { blockedPortIssue } from "./http/blocked-ports.ts";
export { callOptionsFields, parseCallOptions, type CallOptionsFields } from "./parsing/call-options.ts";
export { checkCall } from "./time/check-call.ts";
export { byCodePoint } from "./by-code-point.ts";
export { BackgroundWrites } from "./caching/background-writes.ts";
export {
  createResultCache,
  type FoundResult,
  type ResultCache,
  type ResultCacheOptions,
} from "./caching/create-result-cache.ts";
export { canonicalDigest } from "./canonical-digest.ts";
export { checkCacheEntries, checkCacheKeys } from "./checked/check-cache-arguments.ts";
export { chunkChecked } from "./checked/chunk-checked.ts";
export { describeChecked } from "./checked/describe-checked.ts";
export { embedChecked } from "./checked/embed-checked.ts";
export { encodeChecked } from "./checked/encode-checked.ts";
export { checkEmbedder, parseDescribeOptions, parseEmbedArguments } from "./parsing/embed-arguments.ts";
export { inputIssue } from "./parsing/input-issue.ts";
export { describeValue } from "./parsing/describe-value.ts";
export { inputText, isMixedInput } from "./embed-input.ts";
export { createFetch, type FetchOptions, type OwnFetch } from "./http/create-fetch.ts";
export {
  adaptLimit,
  type AdaptableLimit,
  type AdaptiveLimit,
  type AdaptLimitOptions,
} from "./load/adapt-limit.ts";
export { createBatcher, type Batcher, type BatcherOptions } from "./batching/create-batcher.ts";
export { once } from "./once.ts";
export { inBatches } from "./batching/in-batches.ts";
export { type BatchLimits } from "./batching/batch-limits.ts";
export { type RunBatchOptions } from "./batching/run-batch.ts";
export {
  createCircuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
} from "./load/create-circuit-breaker.ts";
export {
  createEjector,
  type CallOutcome,
  type Candidates,
  type Ejector,
  type EjectorOptions,
  type EndpointCall,
  type EndpointStatus,
} from "./load/create-ejector.ts";
export { type EjectionOptions } from "./load/ejection-options.ts";
export { type EndpointState } from "./load/endpoint-health.ts";
export { createSingleFlight, type SingleFlight } from "./load/create-single-flight.ts";
export { hedge, type HedgeOptions } from "./load/hedge.ts";
export {
  createBackoff,
  type Backoff,
  type BackoffOptions,
  type BackoffWaitOptions,
} from "./time/create-backoff.ts";
export { systemClock, type Clock } from "./time/clock.ts";
export { createDeadline, type Deadline, type DeadlineOptions } from "./time/deadline.ts";
export { FoldedGeneration } from "./streams/folded-generation.ts";
export { createGenerationStream, type GenerationStreamOptions } from "./streams/generation-stream.ts";
export {
  createResultStream,
  type EventFold,
  type ResultStream,
  type ResultStreamOptions,
} from "./streams/result-stream.ts";
export {
  createHttpClient,
  type HttpCallOptions,
  type HttpClient,
  type HttpReply,
  type HttpStream,
} from "./http/http-client.ts";
export {
  type HttpFetch,
  type HttpFetchInit,
  type HttpFetchResponse,
  type HttpHeaders,
} from "./http/http-fetch.ts";
export { networkError, type FailedRequest } from "./http/http-errors.ts";
export { headerIssue, type HttpRequest } from "./http/http-request.ts";
export { linkedController, type LinkedController } from "./time/linked-controller.ts";
export { mapConcurrent, type MapConcurrentOptions } from "./map-concurrent.ts";
export {
  type ServerSentComment,
  type ServerSentCut,
  type ServerSentEvent,
  type ServerSentItem,
} from "./streams/event-stream-decoder.ts";
export { elementAt } from "./element-at.ts";
export { metadataText } from "./parsing/metadata-text.ts";
export { isPlainObject } from "./parsing/plain-object.ts";
export { hasMethods, part } from "./parsing/part.ts";
export { type HttpClientOptions } from "./http/http-client-options.ts";
export { tlsSchema, type TlsOptions } from "./http/tls-options.ts";
export { noTelemetry } from "./telemetry/no-telemetry.ts";
export { missingCapability, type Capability } from "./missing-capability.ts";
export { parseOptions } from "./parsing/parse-options.ts";
export { parseResponse } from "./parsing/parse-response.ts";
export { pointId, uuidFromName, type PointIdentity } from "./point-id.ts";
export { retryAfterOf } from "./http/retry-after.ts";
export { redact, secretsIn } from "./http/redact.ts";
export { retry, type RetryEvent, type RetryOptions, type RetryPolicy } from "./time/retry.ts";
export {
  createLimiter,
  type AcquireOptions,
  type Limiter,
  type LimiterOptions,
  type Permit,
} from "./load/create-limiter.ts";
export { createRetryBudget, type RetryBudget, type RetryBudgetOptions } from "./load/create-retry-budget.ts";
export { readJsonLines } from "./streams/read-json-lines.ts";
export {
  ReasoningSplitter,
  withoutUnopenedReasoning,
  type SplitPiece,
} from "./streams/reasoning-splitter.ts";
export { readLines, type LinesOptions } from "./streams/read-lines.ts";
export {
  readServerSentBatches,
  readServerSentEvents,
  type ServerSentEventsOptions,
} from "./streams/server-sent-events.ts";
export { sleep, type SleepOptions } from "./time/sleep.ts";
export { formatTraceparent, parseTraceparent, type TraceContext } from "./telemetry/trace-context.ts";
export { whenCutShort, type Wait } from "./time/when-cut-short.ts";
export { withSpan, type SpanCall } from "./telemetry/with-span.ts";
export { vectorMemory } from "./vector-memory.ts";
export { denseVectorIssue, normalized, sparseVectorIssue } from "./vectors.ts";

import type { TlsOptions } from "@binnacle/core/kit";
import type { FailureContext } from "../../../failures/failure-error.ts";
import type { InferResponse, SentInferRequest } from "./infer-message.ts";
import type {
  ModelConfig,
  ModelMetadata,
  ModelStatistics,
  RepositoryModel,
  ServerInfo,
} from "./server-facts.ts";

/** Options of one call over the wire. */
export interface WireCall {
  /** Ends the call. The call then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Absolute deadline in epoch milliseconds, which gRPC also sends to the server. */
  readonly deadlineAt?: number | undefined;
  /** Headers in addition to those of every call. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of a transport. */
export interface TransportOptions extends FailureContext {
  /** Address with credentials. */
  readonly url: string;
  /** Headers of every call. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions | undefined;
  readonly connectTimeoutMs: number;
  /** Removes secrets from a text. */
  readonly clean: (text: string) => string;
}

/**
 * The calls of the KServe v2 protocol and of Triton's extensions, each sent once. Failures reject with an
 * `InferenceError`, `InvalidResponseError` or `TimeoutError`.
 */
export interface TritonTransport {
  infer(request: SentInferRequest, call: WireCall): Promise<InferResponse>;
  /** Sends a request to a decoupled model. Leaving the loop cancels the request at the server. */
  stream(request: SentInferRequest, call: WireCall): AsyncIterable<InferResponse>;
  serverReady(call: WireCall): Promise<boolean>;
  modelReady(model: string, version: string | undefined, call: WireCall): Promise<boolean>;
  serverInfo(call: WireCall): Promise<ServerInfo>;
  metadata(model: string, version: string | undefined, call: WireCall): Promise<ModelMetadata>;
  config(model: string, version: string | undefined, call: WireCall): Promise<ModelConfig>;
  statistics(model: string, version: string | undefined, call: WireCall): Promise<readonly ModelStatistics[]>;
  index(call: WireCall): Promise<readonly RepositoryModel[]>;
  load(model: string, call: WireCall): Promise<void>;
  unload(model: string, call: WireCall): Promise<void>;
  close(): Promise<void>;
}

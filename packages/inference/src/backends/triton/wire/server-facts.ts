/** Name, datatype and shape of a model's input or output. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: string;
  /** -1 stands for any length. The first dimension is the batch if the model has batches. */
  readonly shape: readonly number[];
}

/** The answer of `ServerMetadata`. */
export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

/** The answer of `ModelMetadata`. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** The part of `ModelConfig` that the driver uses. */
export interface ModelConfig {
  /** Most rows in one request. 0 if the model has no batches. */
  readonly maxBatchSize: number;
  /** Number of requests that run at the same time. */
  readonly instances: number;
  readonly backend: string;
  /** True if the model may send any number of answers to one request. */
  readonly isDecoupled: boolean;
  /** Names of the inputs that may be missing. */
  readonly optionalInputs: readonly string[];
}

/** The facts about one model. */
export interface TritonModel extends ModelMetadata {
  /** Undefined if the server has no `ModelConfig`, as servers other than Triton. */
  readonly config?: ModelConfig | undefined;
}

/** Counters of one version of a model since it was loaded. */
export interface ModelStatistics {
  readonly name: string;
  readonly version: string;
  /** Rows that were processed. */
  readonly inferences: number;
  /** Executions of the model. Each processes one batch of rows. */
  readonly executions: number;
  /** Requests that succeeded. */
  readonly succeeded: number;
  /** Requests that failed. */
  readonly failed: number;
  /** Milliseconds that requests waited in the queue, in total. */
  readonly queueMs: number;
  /** Milliseconds that the model computed, in total. */
  readonly computeMs: number;
  /** Executions by the size of their batch. */
  readonly batches: readonly { readonly size: number; readonly executions: number }[];
}

/** A model in the server's repository. */
export interface RepositoryModel {
  readonly name: string;
  readonly version: string;
  /** `READY`, `UNAVAILABLE`, … Empty if the model was never loaded. */
  readonly state: string;
  /** Reason for the state. Empty if the server gives no reason. */
  readonly reason: string;
}

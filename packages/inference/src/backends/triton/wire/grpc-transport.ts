import { InvalidResponseError } from "@binnacle/core";
import { failureError } from "../../../failures/failure-error.ts";
import { closedError } from "../../../server/called.ts";
import { createGrpcChannel, type GrpcChannel } from "./grpc-channel.ts";
import { grpcError } from "./grpc-error.ts";
import {
  inferRequestBytes,
  parseInferResponse,
  type InferResponse,
  type SentInferRequest,
} from "./infer-message.ts";
import {
  modelRequestBytes,
  parseConfig,
  parseIndex,
  parseMetadata,
  parseReady,
  parseServerInfo,
  parseStatistics,
  repositoryRequestBytes,
} from "./model-messages.ts";
import { ProtoError, ProtoReader } from "./proto-reader.ts";
import type {
  ModelConfig,
  ModelMetadata,
  ModelStatistics,
  RepositoryModel,
  ServerInfo,
} from "./server-facts.ts";
import type { TransportOptions, TritonTransport, WireCall } from "./triton-transport.ts";

/** Creates the transport over gRPC. Opens no connection yet. */
export function createGrpcTransport(options: TransportOptions): TritonTransport {
  return new GrpcTransport(options);
}

const empty = Buffer.alloc(0);

class GrpcTransport implements TritonTransport {
  readonly #options: TransportOptions;
  readonly #channel: GrpcChannel;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#channel = createGrpcChannel(options);
  }

  infer(request: SentInferRequest, call: WireCall): Promise<InferResponse> {
    const parse = (reader: ProtoReader): InferResponse => parseInferResponse(this.#options.label, reader);
    return this.#unary("ModelInfer", inferRequestBytes(request), parse, call);
  }

  async *stream(request: SentInferRequest, call: WireCall): AsyncGenerator<InferResponse, void, undefined> {
    const { label } = this.#options;
    let begun = false;
    try {
      const messages = this.#channel.stream("ModelStreamInfer", inferRequestBytes(request), call);
      for await (const message of messages) {
        begun = true;
        yield* this.#read(message, (reader) => this.#streamed(reader, label));
      }
    } catch (error) {
      throw this.#inWords(error, call.signal, begun);
    }
  }

  serverReady(call: WireCall): Promise<boolean> {
    return this.#unary("ServerReady", empty, parseReady, call);
  }

  modelReady(model: string, version: string | undefined, call: WireCall): Promise<boolean> {
    return this.#unary("ModelReady", modelRequestBytes(model, version), parseReady, call);
  }

  serverInfo(call: WireCall): Promise<ServerInfo> {
    return this.#unary("ServerMetadata", empty, parseServerInfo, call);
  }

  metadata(model: string, version: string | undefined, call: WireCall): Promise<ModelMetadata> {
    return this.#unary("ModelMetadata", modelRequestBytes(model, version), parseMetadata, call);
  }

  config(model: string, version: string | undefined, call: WireCall): Promise<ModelConfig> {
    return this.#unary("ModelConfig", modelRequestBytes(model, version), parseConfig, call);
  }

  statistics(
    model: string,
    version: string | undefined,
    call: WireCall,
  ): Promise<readonly ModelStatistics[]> {
    return this.#unary("ModelStatistics", modelRequestBytes(model, version), parseStatistics, call);
  }

  index(call: WireCall): Promise<readonly RepositoryModel[]> {
    return this.#unary("RepositoryIndex", empty, parseIndex, call);
  }

  load(model: string, call: WireCall): Promise<void> {
    return this.#unary("RepositoryModelLoad", repositoryRequestBytes(model), () => undefined, call);
  }

  unload(model: string, call: WireCall): Promise<void> {
    return this.#unary("RepositoryModelUnload", repositoryRequestBytes(model), () => undefined, call);
  }

  async close(): Promise<void> {
    this.#channel.close(closedError(this.#options));
  }

  async #unary<T>(
    method: string,
    body: Buffer,
    parse: (reader: ProtoReader) => T,
    call: WireCall,
  ): Promise<T> {
    try {
      return this.#read(await this.#channel.unary(method, body, call), parse);
    } catch (error) {
      throw this.#inWords(error, call.signal, false);
    }
  }

  /** Reads a `ModelStreamInferResponse`. */
  #streamed(reader: ProtoReader, source: string): readonly InferResponse[] {
    const found: InferResponse[] = [];
    while (reader.next()) {
      if (reader.field === 2) found.push(parseInferResponse(source, reader.message()));
      else if (reader.field === 1) this.#refuse(reader.text());
      else reader.skip();
    }
    return found;
  }

  /**
   * Throws an error that came inside the stream, as text without a code. The header `triton_grpc_error` would
   * add the code, but Triton 2.51 crashes if a model fails in a stream that has it.
   */
  #refuse(text: string): void {
    const message = this.#options.clean(text);
    if (message !== "") throw failureError({ codes: [], message }, this.#options);
  }

  #read<T>(message: Uint8Array, parse: (reader: ProtoReader) => T): T {
    try {
      return parse(new ProtoReader(message));
    } catch (cause) {
      if (!(cause instanceof ProtoError)) throw cause;
      const { label, address: replica } = this.#options;
      throw new InvalidResponseError(`${label}: the answer is not protobuf: ${cause.message}`, {
        replica,
        cause,
      });
    }
  }

  #inWords(error: unknown, signal: AbortSignal, begun: boolean): unknown {
    return signal.aborted ? signal.reason : grpcError(error, { ...this.#options, begun });
  }
}

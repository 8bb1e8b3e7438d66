import { InvalidResponseError } from "@binnacle/core";
import {
  createHttpClient,
  describeValue,
  parseResponse,
  readServerSentEvents,
  type HttpClient,
} from "@binnacle/core/kit";
import { z } from "zod";
import { failureError, httpError } from "../../../failures/failure-error.ts";
import { parseFailure } from "../../../failures/server-failure.ts";
import { generateBody, parseGenerated } from "./http-generate.ts";
import { httpInferBody, jsonLengthHeader, parseHttpInfer } from "./http-infer.ts";
import { configSchema, indexSchema, infoSchema, metadataSchema, statisticsSchema } from "./http-schemas.ts";
import type { InferResponse, SentInferRequest } from "./infer-message.ts";
import type {
  ModelConfig,
  ModelMetadata,
  ModelStatistics,
  RepositoryModel,
  ServerInfo,
} from "./server-facts.ts";
import type { TransportOptions, TritonTransport, WireCall } from "./triton-transport.ts";

/** Creates the transport over HTTP. Opens no connection yet. */
export function createHttpTransport(options: TransportOptions): TritonTransport {
  return new HttpTransport(options);
}

// The driver's own timers apply. Tensors may be large.
const limits = { headersTimeoutMs: 2 ** 31 - 1, bodyTimeoutMs: 2 ** 31 - 1, maxResponseBytes: 2 ** 31 - 1 };

class HttpTransport implements TritonTransport {
  readonly #options: TransportOptions;
  readonly #http: HttpClient;

  constructor(options: TransportOptions) {
    const { url: baseUrl, headers, tls, connectTimeoutMs } = options;
    this.#options = options;
    this.#http = createHttpClient({ baseUrl, headers, tls, connectTimeoutMs, ...limits });
  }

  infer(request: SentInferRequest, call: WireCall): Promise<InferResponse> {
    return this.#inWords(async () => {
      const { jsonLength, body } = httpInferBody(request);
      const headers = {
        ...call.headers,
        [jsonLengthHeader]: String(jsonLength),
        "content-type": "application/octet-stream",
      };
      const path = `${modelPath(request.model, request.version)}/infer`;
      const reply = await this.#http.bytes({ method: "POST", path, headers, body }, call);
      const length = reply.headers.get(jsonLengthHeader);
      return parseHttpInfer(this.#options.label, reply.body, length === null ? undefined : Number(length));
    });
  }

  async *stream(request: SentInferRequest, call: WireCall): AsyncGenerator<InferResponse, void, undefined> {
    const { outputs } = await this.metadata(request.model, request.version, call);
    const path = `${modelPath(request.model, request.version)}/generate_stream`;
    let begun = false;
    try {
      const json = generateBody(request);
      const { body } = await this.#http.stream({ method: "POST", path, json, headers: call.headers }, call);
      for await (const item of readServerSentEvents(body)) {
        if (item.type !== "event") continue;
        begun = true;
        yield parseGenerated(this.#options.label, this.#event(item.data), outputs);
      }
    } catch (error) {
      throw httpError(error, this.#options, begun);
    }
    // The end of the body is the end of the answer: the server sends no other mark.
    yield { model: request.model, version: "", parameters: { triton_final_response: true }, outputs: [] };
  }

  serverReady(call: WireCall): Promise<boolean> {
    return this.#ready("/v2/health/ready", call);
  }

  modelReady(model: string, version: string | undefined, call: WireCall): Promise<boolean> {
    return this.#ready(`${modelPath(model, version)}/ready`, call);
  }

  serverInfo(call: WireCall): Promise<ServerInfo> {
    return this.#json("/v2", infoSchema, call);
  }

  metadata(model: string, version: string | undefined, call: WireCall): Promise<ModelMetadata> {
    return this.#json(modelPath(model, version), metadataSchema, call);
  }

  config(model: string, version: string | undefined, call: WireCall): Promise<ModelConfig> {
    return this.#json(`${modelPath(model, version)}/config`, configSchema, call);
  }

  statistics(
    model: string,
    version: string | undefined,
    call: WireCall,
  ): Promise<readonly ModelStatistics[]> {
    return this.#json(`${modelPath(model, version)}/stats`, statisticsSchema, call);
  }

  index(call: WireCall): Promise<readonly RepositoryModel[]> {
    return this.#json("/v2/repository/index", indexSchema, call, "POST");
  }

  async load(model: string, call: WireCall): Promise<void> {
    await this.#post(`/v2/repository/models/${encodeURIComponent(model)}/load`, call);
  }

  async unload(model: string, call: WireCall): Promise<void> {
    await this.#post(`/v2/repository/models/${encodeURIComponent(model)}/unload`, call);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #json<S extends z.ZodType>(
    path: string,
    schema: S,
    call: WireCall,
    method: "GET" | "POST" = "GET",
  ): Promise<z.output<S>> {
    const source = `${this.#options.label}${path}`;
    const request = { path, method, headers: call.headers };
    return this.#inWords(() => this.#http.json(request, (body) => parseResponse(source, schema, body), call));
  }

  #post(path: string, call: WireCall): Promise<unknown> {
    const request = { path, method: "POST", headers: call.headers, json: {} } as const;
    return this.#inWords(() => this.#http.bytes(request, call));
  }

  /** A server that is not ready answers 400 or 503 with no body. */
  async #ready(path: string, call: WireCall): Promise<boolean> {
    try {
      await this.#http.bytes({ path, headers: call.headers }, call);
      return true;
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
      if (code === "http_400" || code === "http_503") return false;
      throw httpError(error, this.#options, false);
    }
  }

  #event(data: string): object {
    const fields = parseObject(data);
    if (fields === undefined) {
      const { label, address: replica } = this.#options;
      throw new InvalidResponseError(
        `${label}: expected an event with a JSON object, got ${describeValue(data)}`,
        { replica },
      );
    }
    if (!("error" in fields)) return fields;
    throw failureError(parseFailure({ body: fields }), this.#options);
  }

  async #inWords<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw httpError(error, this.#options, false);
    }
  }
}

function parseObject(data: string): object | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined; // the caller shows the text
  }
}

function modelPath(model: string, version: string | undefined): string {
  const path = `/v2/models/${encodeURIComponent(model)}`;
  return version === undefined ? path : `${path}/versions/${encodeURIComponent(version)}`;
}

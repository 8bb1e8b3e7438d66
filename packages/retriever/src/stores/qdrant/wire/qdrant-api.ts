import {
  parseResponse,
  retry,
  type HttpCallOptions,
  type HttpClient,
  type HttpRequest,
  type HttpStream,
} from "@binnacle/core/kit";
import type { z } from "zod";
import { qdrantError } from "./qdrant-error.ts";

/** One request to the server. */
export interface QdrantRequest extends Pick<
  HttpRequest,
  "method" | "path" | "query" | "json" | "body" | "headers"
> {
  /** Name of the collection, for errors. @default none */
  readonly collection?: string | undefined;
}

/** Sends requests and reads responses. Every request of this driver may be repeated, so transient failures
 * are retried. */
export class QdrantApi {
  readonly #client: () => Promise<HttpClient>;
  readonly #maxAttempts: number;

  constructor(client: () => Promise<HttpClient>, maxAttempts: number) {
    this.#client = client;
    this.#maxAttempts = maxAttempts;
  }

  /** Returns the `result` of a response. */
  async result<S extends z.ZodType>(
    request: QdrantRequest,
    schema: S,
    options?: HttpCallOptions,
  ): Promise<z.output<S>> {
    return this.answer(request, (value) => parseResponse(request.path, schema, resultOf(value)), options);
  }

  /** Returns the value that `parse` reads from a whole response. */
  async answer<T>(
    { collection, ...request }: QdrantRequest,
    parse: (value: unknown) => T,
    options: HttpCallOptions = {},
  ): Promise<T> {
    const { signal, deadlineAt } = options;
    const sent = request.body === undefined ? request : { headers: jsonHeaders, ...request };
    const client = await this.#client();
    return retry(
      async () => {
        try {
          return await client.json(sent, parse, options);
        } catch (error) {
          signal?.throwIfAborted();
          throw qdrantError(error, collection);
        }
      },
      { signal, deadlineAt, maxAttempts: this.#maxAttempts },
    );
  }

  /** A body that is not JSON, in pieces. */
  async stream({ collection, ...request }: QdrantRequest, options?: HttpCallOptions): Promise<HttpStream> {
    const client = await this.#client();
    try {
      return await client.stream(request, options);
    } catch (error) {
      options?.signal?.throwIfAborted();
      throw qdrantError(error, collection);
    }
  }

  async close(): Promise<void> {
    await (await this.#client()).close();
  }
}

const jsonHeaders = { "content-type": "application/json" };

function resultOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "result" in value ? value.result : undefined;
}

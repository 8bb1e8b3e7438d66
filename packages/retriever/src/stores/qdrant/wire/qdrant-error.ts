import { BinnacleError, ConfigurationError, RequestError } from "@binnacle/core";

/**
 * Says in our terms why Qdrant refused a request: what is retryable, and the way out. Errors that did not come from an
 * answer are returned as they are.
 */
export function qdrantError(error: unknown, collection?: string): unknown {
  if (!RequestError.isInstance(error) || error.status === undefined) return error;
  const said = serverMessage(error.body);
  switch (error.status) {
    case 400:
      return said.includes("Help:")
        ? refusal(error, "strict_mode", `strict mode refuses the request: ${said}`)
        : error;
    case 401:
      return refusal(error, "unauthorized", `the server refuses the API key: ${said}; set \`apiKey\``);
    case 403:
      return refusal(
        error,
        "forbidden",
        `the API key does not allow this: ${said}; creating collections needs global manage access`,
      );
    case 404:
      return missing(error, said, collection);
    case 413:
      return refusal(error, "too_large", "the request is too large; lower `batch.maxBytes`");
    case 429:
      if (error.retryAfterMs !== undefined) return error;
      // Qdrant names no time if the request costs more than its rate limit ever allows.
      return refusal(
        error,
        "rate_limited",
        `one request costs more than the rate limit: ${said}; raise the limit or send smaller batches`,
      );
    case 507:
      return refusal(
        error,
        "store_full",
        `the server has no space left: ${said}; free some, or raise its quota`,
      );
    default:
      return error;
  }
}

/** The id of the point that a `set_payload` did not find; undefined if the error is another. */
export function missingPoint(error: unknown): string | undefined {
  if (!RequestError.isInstance(error) || error.status !== 404) return undefined;
  return /No point with id (\S+) found/.exec(serverMessage(error.body))?.[1];
}

/** Whether fewer operations in one request may pass. */
export function passesInParts(error: unknown): boolean {
  if (!RequestError.isInstance(error)) return false;
  return (
    error.status === 408 || error.status === 413 || error.code === "rate_limited" || limitExceeded(error)
  );
}

function limitExceeded({ code, body }: RequestError): boolean {
  return code === "strict_mode" && serverMessage(body).includes('"upsert limit"');
}

/** Whether a creation met a collection of that name. */
export function isConflict(error: unknown): boolean {
  return RequestError.isInstance(error) && error.status === 409;
}

/** The error for a collection that this SDK did not create. */
export function foreignCollection(name: string): ConfigurationError {
  const message = `collection "${name}" was not created by Binnacle; choose another name, or index into a new collection`;
  return new ConfigurationError(message, {
    code: "collection_mismatch",
    issues: [{ path: "name", message }],
  });
}

/** The error for a collection that is not there. */
export function noCollection(name: string, cause?: unknown): BinnacleError {
  const message = `there is no collection "${name}"; create it with ensureCollection`;
  return new BinnacleError("not_found", message, { cause });
}

function missing(error: RequestError, said: string, collection: string | undefined): unknown {
  if (collection !== undefined && /collection/i.test(said)) return noCollection(collection, error);
  if (said !== "") return error;
  const message = `QdrantStore: the server does not know ${error.url}; check \`url\`, and that a Qdrant server answers there`;
  return new RequestError("http_404", message, { url: error.url, status: 404, cause: error });
}

function refusal(error: RequestError, code: string, message: string): RequestError {
  const { url, status, body } = error;
  return new RequestError(code, `QdrantStore: ${message}`, { url, status, body, cause: error });
}

/** What the server said: `status.error` of its JSON, or its plain text. */
function serverMessage(body: string | undefined = ""): string {
  return /"error"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1]?.replace(/\\(.)/g, "$1").slice(1, -1) ?? body;
}

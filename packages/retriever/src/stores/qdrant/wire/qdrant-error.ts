import { BinnacleError, ConfigurationError, RequestError } from "@binnacle/core";

/** Translates a refusal of Qdrant into an error that says if a retry may help, and names the way out.
 * Returns other errors unchanged. */
export function qdrantError(error: unknown, collection?: string): unknown {
  if (!RequestError.isInstance(error) || error.status === undefined) return error;
  const said = serverMessage(error.body);
  switch (error.status) {
    case 400:
      return said.includes("Help:")
        ? refusal(error, "strict_mode", `strict mode refuses the request: ${said}`)
        : error;
    case 401:
      return refusal(error, "unauthorized", `the server refuses the API key: ${said}. Set \`apiKey\`.`);
    case 403:
      return refusal(
        error,
        "forbidden",
        `the API key does not allow this: ${said}. Creating collections requires global manage access.`,
      );
    case 404:
      return missing(error, said, collection);
    case 413:
      return refusal(error, "too_large", "the request is too large. Lower `batch.maxBytes`.");
    case 429:
      if (error.retryAfterMs !== undefined) return error;
      // Qdrant sends no time if the request costs more than its rate limit ever allows.
      return refusal(
        error,
        "rate_limited",
        `one request costs more than the rate limit: ${said}. Raise the limit, or send smaller batches.`,
      );
    case 507:
      return refusal(
        error,
        "store_full",
        `the server has no space left: ${said}. Free some, or raise its quota.`,
      );
    default:
      return error;
  }
}

/** Returns the id of the point that a `set_payload` did not find, or undefined for another error. */
export function missingPoint(error: unknown): string | undefined {
  if (!RequestError.isInstance(error) || error.status !== 404) return undefined;
  return /No point with id (\S+) found/.exec(serverMessage(error.body))?.[1];
}

/** Returns true if a request with fewer operations may succeed. */
export function passesInParts(error: unknown): boolean {
  if (!RequestError.isInstance(error)) return false;
  return (
    error.status === 408 || error.status === 413 || error.code === "rate_limited" || limitExceeded(error)
  );
}

function limitExceeded({ code, body }: RequestError): boolean {
  return code === "strict_mode" && serverMessage(body).includes('"upsert limit"');
}

/** Returns true if a collection of that name already exists. */
export function isConflict(error: unknown): boolean {
  return RequestError.isInstance(error) && error.status === 409;
}

/** Returns the error for a collection that this SDK did not create. */
export function foreignCollection(name: string): ConfigurationError {
  const message = `Collection "${name}" was not created by Binnacle. Choose another name, or index into a new collection.`;
  return new ConfigurationError(message, {
    code: "collection_mismatch",
    issues: [{ path: "name", message }],
  });
}

/** Returns the error for a missing collection. */
export function noCollection(name: string, cause?: unknown): BinnacleError {
  const message = `Collection "${name}" does not exist. Create it with ensureCollection.`;
  return new BinnacleError("not_found", message, { cause });
}

function missing(error: RequestError, said: string, collection: string | undefined): unknown {
  if (collection !== undefined && /collection/i.test(said)) return noCollection(collection, error);
  if (said !== "") return error;
  const message = `QdrantStore: the server does not know ${error.url}. Check \`url\`, and that a Qdrant server runs there.`;
  return new RequestError("http_404", message, { url: error.url, status: 404, cause: error });
}

function refusal(error: RequestError, code: string, message: string): RequestError {
  const { url, status, body } = error;
  return new RequestError(code, `QdrantStore: ${message}`, { url, status, body, cause: error });
}

/** Returns the server's message: `status.error` of its JSON, or its plain text. */
function serverMessage(body: string | undefined = ""): string {
  return /"error"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1]?.replace(/\\(.)/g, "$1").slice(1, -1) ?? body;
}

import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import type { HttpFetchResponse } from "./http-fetch.ts";
import { withoutSecrets } from "./http-errors.ts";
import type { PreparedRequest } from "./http-request.ts";

/** Reads the whole body. Stops and rejects with code `response_too_large` if it exceeds `maxBytes`. */
export async function readBody(
  request: PreparedRequest,
  response: HttpFetchResponse,
  maxBytes: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    if (size > maxBytes) throw tooLarge(request, response.status, maxBytes);
    pieces.push(piece);
  }
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, size);
}

/** Reads at most the first `maxBytes` of a body as text, for an error message. */
export async function readBeginning(response: HttpFetchResponse, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size >= maxBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(pieces, size).subarray(0, maxBytes));
}

/** Parses the body as JSON. Throws an `InvalidResponseError` if it is not JSON or not UTF-8. */
export function parseJson(request: PreparedRequest, bytes: Uint8Array): unknown {
  try {
    const { parseJson: parse = utf8Json } = request;
    return parse(bytes);
  } catch {
    // Without the cause, which quotes the text. It may hold part of a credential, which cannot be redacted.
    const beginning = withoutSecrets(request, new TextDecoder().decode(bytes.subarray(0, 16 * 1024)));
    const came = bytes.byteLength === 0 ? "an empty body" : `"${beginning.slice(0, 200)}"`;
    throw new InvalidResponseError(`${request.method} ${request.safeUrl}: expected JSON, got ${came}.`);
  }
}

function utf8Json(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

function tooLarge(request: PreparedRequest, status: number, maxBytes: number): RequestError {
  return new RequestError(
    "response_too_large",
    `${request.method} ${request.safeUrl}: the response is larger than ${maxBytes} bytes. Raise \`maxResponseBytes\` if that is expected.`,
    { url: request.safeUrl, status },
  );
}

import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import type { HttpFetchResponse } from "./http-fetch.ts";
import { withoutSecrets } from "./http-errors.ts";
import type { PreparedRequest } from "./http-request.ts";

/** The whole body. Rejects with code `response_too_large`, and lets the rest be, where it is larger than allowed. */
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

/** The beginning of a body, at most `maxBytes`, as text: enough for an error message. */
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

/** The body as JSON. Throws `InvalidResponseError` where it is not, or is not UTF-8. */
export function parseJson(request: PreparedRequest, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // Without the cause: it quotes the text, and of a credential in it perhaps a part that nothing could redact.
    const beginning = withoutSecrets(request, new TextDecoder().decode(bytes.subarray(0, 16 * 1024)));
    const came = bytes.byteLength === 0 ? "an empty body" : `"${beginning.slice(0, 200)}"`;
    throw new InvalidResponseError(`${request.method} ${request.safeUrl}: expected JSON, got ${came}`);
  }
}

function tooLarge(request: PreparedRequest, status: number, maxBytes: number): RequestError {
  return new RequestError(
    "response_too_large",
    `${request.method} ${request.safeUrl}: the answer is larger than ${maxBytes} bytes; raise maxResponseBytes if that is expected`,
    { url: request.safeUrl, status },
  );
}

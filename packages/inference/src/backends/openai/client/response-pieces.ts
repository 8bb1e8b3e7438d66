import { InvalidResponseError } from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";
import type { ModelRequest, ModelServer } from "../../../server/model-server.ts";
import type { OpenAIResponse } from "./openai-client.ts";

/**
 * Yields the body's bytes until the signal aborts. The package itself ignores the signal once the headers
 * have arrived.
 */
export async function* piecesOf(
  response: OpenAIResponse,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let open = true;
  try {
    for (;;) {
      const next = await abortable(reader.read(), signal);
      if (next.done) break;
      yield next.value;
    }
    open = false;
  } finally {
    // Cancelling a broken body rejects with the error that is already being thrown.
    if (open) await reader.cancel().catch(() => undefined);
  }
}

/**
 * Reads the whole body as JSON, with the parser of the request. Throws an `InvalidResponseError` that quotes the beginning of any other body.
 */
export async function readJson(
  response: OpenAIResponse,
  { parseJson = utf8Json }: Pick<ModelRequest, "parseJson">,
  server: Pick<ModelServer, "label" | "redact">,
  signal: AbortSignal,
): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(response, signal)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  try {
    return parseJson(bytes);
  } catch {
    const text = new TextDecoder().decode(bytes);
    // No cause, because its message quotes the text and may hold a part of a key that redaction cannot find.
    const came = text === "" ? "an empty body" : `"${server.redact(text).slice(0, 200)}"`;
    throw new InvalidResponseError(`${server.label}: expected JSON, got ${came}`);
  }
}

function utf8Json(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

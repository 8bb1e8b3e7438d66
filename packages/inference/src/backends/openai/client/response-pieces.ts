import { InvalidResponseError } from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";
import type { ModelServer } from "../../../server/model-server.ts";
import type { OpenAIResponse } from "./openai-client.ts";

/** Reads the body under our own signal: the package stops listening to it when the headers have come. */
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
    // Cancelling a body that broke rejects once more with an error that is on its way already.
    if (open) await reader.cancel().catch(() => undefined);
  }
}

/** The whole body as JSON. Throws `InvalidResponseError` that shows how the body begins. */
export async function readJson(
  response: OpenAIResponse,
  server: Pick<ModelServer, "label" | "redact">,
  signal: AbortSignal,
): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(response, signal)) pieces.push(piece);
  const text = new TextDecoder().decode(Buffer.concat(pieces));
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: it quotes the text, and of a key in it perhaps a part that nothing could redact.
    const came = text === "" ? "an empty body" : `"${server.redact(text).slice(0, 200)}"`;
    throw new InvalidResponseError(`${server.label}: expected JSON, got ${came}`);
  }
}

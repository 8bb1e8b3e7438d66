import { OpenAIBackend } from "@binnacle/inference/openai";
import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import type { InferenceBackend } from "@binnacle/core";
import { OpenAI } from "openai";

/** Reads one stream to its end and returns its text. `onToken` is called with the first text. */
export type ReadStream = (prompt: string, onToken?: () => void) => Promise<string>;

type Fetch = typeof globalThis.fetch;

/** Our backend over its own HTTP, or over a `fetch`. */
export function ourReader(url: string, fetch?: Fetch): ReadStream {
  const backend = new LlamaCppBackend({ url, ...(fetch === undefined ? {} : { fetch }) });
  return readerOf(backend);
}

/** Our backend over the `openai` package. */
export function ourOpenAIReader(url: string): ReadStream {
  const backend = new OpenAIBackend({ baseUrl: `${url}/v1`, model: "replay" });
  return readerOf(backend);
}

function readerOf(backend: InferenceBackend): ReadStream {
  return async (prompt, onToken) => {
    let text = "";
    for await (const event of backend.stream({
      messages: [{ role: "user", content: prompt }],
      maxTokens: 128,
    })) {
      if (event.type !== "text") continue;
      if (text === "") onToken?.();
      text += event.text;
    }
    return text;
  };
}

/** The stream of the `openai` package. */
export function openAIReader(url: string, fetch?: Fetch): ReadStream {
  const client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: "none",
    maxRetries: 0,
    ...(fetch === undefined ? {} : { fetch }),
  });
  return async (prompt, onToken) => {
    const messages = [{ role: "user" as const, content: prompt }];
    const stream = await client.chat.completions.create({
      model: "replay",
      stream: true,
      messages,
      max_tokens: 128,
    });
    let text = "";
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta.content ?? "";
      if (delta === "") continue;
      if (text === "") onToken?.();
      text += delta;
    }
    return text;
  };
}

/** Node's `fetch` and the shortest parser that reads this one server: no checks, no timers, no errors. */
export function bareReader(url: string, fetch: Fetch = globalThis.fetch): ReadStream {
  return async (prompt, onToken) => {
    const body = JSON.stringify({
      model: "replay",
      stream: true,
      max_tokens: 128,
      messages: [{ role: "user", content: prompt }],
    });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    const decoder = new TextDecoder();
    let [rest, text] = ["", ""];
    for await (const bytes of response.body ?? []) {
      rest += decoder.decode(bytes, { stream: true });
      let start = 0;
      for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n", start)) {
        const data = rest.slice(start + 6, end);
        start = end + 2;
        if (data === "[DONE]") continue;
        const delta: string = JSON.parse(data).choices[0]?.delta.content ?? "";
        if (delta === "") continue;
        if (text === "") onToken?.();
        text += delta;
      }
      rest = rest.slice(start);
    }
    return text;
  };
}

/** Returns a `fetch` that answers with these bytes from memory, in pieces of 16 KiB. */
export function memoryFetch(bytes: Uint8Array, contentType: string): Fetch {
  return async () => {
    const pieces = function* () {
      for (let at = 0; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384);
    };
    return new Response(ReadableStream.from(pieces()), { headers: { "content-type": contentType } });
  };
}

// An HTTP endpoint that streams an answer as server-sent events and stops the model when the reader leaves.
// Run it: node --conditions=@binnacle/source examples/streaming-endpoint.ts
// Ask it: curl -N "http://127.0.0.1:8000/ask?q=When+are+backups+taken"
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { BinnacleError, type InferenceBackend } from "@binnacle/core";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import { createAnswerer, createBm25Encoder, createChunker, createIndexer } from "@binnacle/retriever";
import { createRetriever, defineIndex, MemoryStore } from "@binnacle/retriever";

// Without a model server a fake one replies, so that the example runs anywhere.
const url = process.env["BINNACLE_LLM_URL"];
const backend: InferenceBackend =
  url === undefined
    ? new FakeInferenceBackend({ replies: ["Backups are taken every night at 02:30 [1]."] })
    : new LlamaCppBackend({ url });

const store = new MemoryStore();
const index = defineIndex({ name: "notes", chunker: await createChunker(), sparse: createBm25Encoder() });
await createIndexer({ store, index }).upsert([
  { id: "backups", text: "Backups are taken every night at 02:30 and kept for 35 days.", metadata: {} },
]);
const answerer = createAnswerer({ retriever: createRetriever({ store, index }), backend });

async function answer(question: string, response: ServerResponse, signal: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const send = (event: string, data: unknown): boolean =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  try {
    for await (const event of answerer.stream(question, { signal })) {
      if (event.type === "text" && !send("text", event.text)) await once(response, "drain", { signal });
      if (event.type === "finish") send("done", event.answer.citations);
    }
  } catch (error) {
    if (signal.aborted) return; // the reader has left
    send("error", BinnacleError.isInstance(error) ? error.code : "internal");
  } finally {
    response.end();
  }
}

const server = createServer((request, response) => {
  const question = new URL(request.url ?? "/", "http://localhost").searchParams.get("q");
  if (question === null) return void response.writeHead(400).end("Ask a question: /ask?q=…\n");
  const reader = new AbortController();
  response.once("close", () => reader.abort());
  void answer(question, response, reader.signal);
});
server.listen(Number(process.env["PORT"] ?? 8000), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`Listening on http://127.0.0.1:${address?.port}`);
});
process.once("SIGINT", () => server.close(() => void Promise.all([backend.close(), store.close()])));

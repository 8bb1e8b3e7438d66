// Runs as a process of its own, so that its work does not count as the client's. Prints its port.
import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import { chatChunks, embeddingsAnswer } from "./wire-fixtures.ts";

const count = Number(process.argv[2] ?? 2_000);
const events = chatChunks(count)
  .toString()
  .split(/(?<=\n\n)/);
const firstTokenMs = 20;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    if (request.url?.endsWith("/chat/completions") === true)
      void chat(response, body.includes("first token"));
    else json(response, embeddingsAnswer(body));
  });
});

function json(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
}

/**
 * Writes each event by itself, as a model server writes its tokens. A request about the first token gets it
 * after 20 ms.
 */
async function chat(response: ServerResponse, isSlow: boolean): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  if (isSlow) await new Promise((resolve) => setTimeout(resolve, firstTokenMs));
  for (const event of events) {
    if (!response.write(event)) await once(response, "drain");
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.stdout.write(`${address.port}\n`);
});
process.stdin.on("end", () => process.exit()).resume();

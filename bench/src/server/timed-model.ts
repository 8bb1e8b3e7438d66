import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A model server of known time, which speaks llama-server's protocol. */
export interface TimedModel {
  readonly url: string;
  /** Milliseconds that an embedding and an answer take. May be changed between requests. */
  embedMs: number;
  answerMs: number;
  /** Milliseconds from the arrival of each request until its reply was sent, since the last call. */
  takeBusyMs(): number;
  close(): Promise<void>;
}

const dimensions = 384;
const vector = Array.from({ length: dimensions }, (_, i) => Math.sin(i + 1));
const answer = "Backups are taken every night at 02:30 and kept for 35 days [1].";

/** Starts the model server in this process. */
export async function startTimedModel(embedMs: number, answerMs: number): Promise<TimedModel> {
  const state = { embedMs, answerMs, busyMs: 0 };
  const server = createServer((request, response) => {
    void reply(request, response, state).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    takeBusyMs: () => {
      const { busyMs } = state;
      state.busyMs = 0;
      return busyMs;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

interface ModelState {
  readonly embedMs: number;
  readonly answerMs: number;
  busyMs: number;
}

async function reply(request: IncomingMessage, response: ServerResponse, state: ModelState): Promise<void> {
  const from = performance.now();
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const sendJson = (value: unknown): void => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  switch (request.url?.split("?")[0]) {
    case "/v1/models":
      return sendJson({ data: [{ id: "timed" }] });
    case "/props":
      return sendJson({ total_slots: 64, default_generation_settings: { n_ctx: 8192 } });
    case "/v1/embeddings": {
      const { input } = JSON.parse(Buffer.concat(pieces).toString());
      if (state.embedMs > 0) await sleep(state.embedMs);
      sendJson({ data: input.map((_: string, index: number) => ({ index, embedding: vector })) });
      break;
    }
    case "/v1/chat/completions":
      if (state.answerMs > 0) await sleep(state.answerMs);
      response.writeHead(200, { "content-type": "text/event-stream" }).end(answerEvents);
      break;
    case "/v1/chat/completions/input_tokens":
      // Its time is not the model's: an answer could do without the count.
      return sendJson({ input_tokens: Math.round(Buffer.concat(pieces).byteLength / 4) });
    default:
      return sendJson({ status: "ok" });
  }
  state.busyMs += performance.now() - from;
}

const chunk = (rest: object): string => `data: ${JSON.stringify({ model: "timed", ...rest })}\n\n`;
const answerEvents = [
  ...answer.split(/(?<= )/u).map((content) => chunk({ choices: [{ index: 0, delta: { content } }] })),
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  chunk({ choices: [], usage: { prompt_tokens: 300, completion_tokens: 20 } }),
  "data: [DONE]\n\n",
].join("");

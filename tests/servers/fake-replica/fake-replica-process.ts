// A model server with drawn service times, which speaks llama-server's protocol. Arguments: port, seed, slots.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [port = "0", seed = "1", slots = "8"] = process.argv.slice(2);
const medianMs = 20;
const spread = 0.4;
const msPerPromptToken = 0.05;
const mostPrefixes = 60;

/** Set by `POST /control`. */
let mode = { status: 200, factor: 1, pieces: 2, pieceMs: 0 };
const counts = { requests: 0, promptTokens: 0, cachedTokens: 0 };
const waiting: (() => void)[] = [];
const prefixes = new Set<string>();
let running = 0;
let state = Number(seed);

const server = createServer((request, response) => {
  void answer(request, response).catch(() => response.destroy());
});
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`listening on http://127.0.0.1:${address?.port}`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const send = (value: unknown, status = 200): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  switch (request.url?.split("?")[0]) {
    case "/control":
      mode = { ...mode, ...body };
      return send({});
    case "/counts":
      return send({ ...counts, running });
    case "/v1/models":
      return send({ data: [{ id: "fake" }] });
    case "/props":
      return send({ total_slots: Number(slots), default_generation_settings: { n_ctx: 4096 } });
    case "/health":
      return mode.status === 200 ? send({ status: "ok" }) : send(refusal(), mode.status);
    case "/v1/embeddings":
      counts.requests += 1;
      if (mode.status !== 200) return send(refusal(), mode.status);
      await inSlot(response, (signal) => sleep(drawnMs(), undefined, { signal }));
      return send({ data: body.input.map((_: string, index: number) => ({ index, embedding: vector })) });
    case "/v1/chat/completions":
      counts.requests += 1;
      if (mode.status !== 200) return send(refusal(), mode.status);
      return chat(String(body.messages[0]?.content), response);
    default:
      return send({ error: { code: 404, message: "no such path", type: "not_found_error" } }, 404);
  }
}

/** Reads the prompt, unless its prefix is cached, and then writes two tokens or as many as `pieces` says. */
async function chat(prefix: string, response: ServerResponse): Promise<void> {
  const promptTokens = Math.round(prefix.length / 4);
  const cachedTokens = prefixes.has(prefix) ? promptTokens : 0;
  prefixes.delete(prefix);
  prefixes.add(prefix);
  const [oldest] = prefixes;
  if (prefixes.size > mostPrefixes && oldest !== undefined) prefixes.delete(oldest);
  counts.promptTokens += promptTokens;
  counts.cachedTokens += cachedTokens;
  const readMs = drawnMs() + (promptTokens - cachedTokens) * msPerPromptToken * mode.factor;
  const { pieces, pieceMs } = mode;
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: pieces,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
  const chunk = (rest: object): string => `data: ${JSON.stringify({ model: "fake", ...rest })}\n\n`;
  await inSlot(response, async (signal) => {
    await sleep(readMs, undefined, { signal });
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let piece = 0; piece < pieces; piece++) {
      if (pieceMs > 0) await sleep(pieceMs, undefined, { signal });
      response.write(chunk({ choices: [{ index: 0, delta: { content: piece === 0 ? "yes" : " indeed" } }] }));
    }
  });
  response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
  response.end(chunk({ choices: [], usage }) + "data: [DONE]\n\n");
}

/** Waits for a slot, and holds it during the work. A client that leaves frees the slot. */
async function inSlot(response: ServerResponse, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (running >= Number(slots)) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  const left = new AbortController();
  const leave = (): void => left.abort();
  response.once("close", leave);
  if (response.destroyed) leave(); // it left while it waited
  try {
    await work(left.signal);
  } finally {
    response.off("close", leave);
    running -= 1;
    waiting.shift()?.();
  }
}

/** Draws a service time from a log-normal distribution. */
function drawnMs(): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return medianMs * Math.exp(spread * normal) * mode.factor;
}

/** Returns a number from 0 to below 1 (mulberry32). */
function next(): number {
  state = (state + 0x6d2b79f5) | 0;
  let value = Math.imul(state ^ (state >>> 15), 1 | state);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
}

function refusal(): object {
  return { error: { code: mode.status, message: "the server is full", type: "unavailable_error" } };
}

const vector = Array.from({ length: 8 }, (_, index) => index + 1);

// The bodies are those of our own drivers, so they need no check.
async function bodyOf(request: IncomingMessage): Promise<ReturnType<typeof JSON.parse>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString() || "{}");
}

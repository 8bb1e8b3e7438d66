import { createServer } from "node:http";
import { once } from "node:events";
import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createEmbedderPool } from "@binnacle/inference/pool";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";

/** The values of the header, and the wait that each of them means. Undefined: none. */
const headers: readonly (readonly [value: string | undefined, waitMs: number | undefined])[] = [
  ["1", 1_000],
  [new Date(Date.now() + 30 * 60_000).toUTCString(), undefined],
  ["soon", undefined],
  ["-5", undefined],
  [undefined, undefined],
];

/** SB-B4: a server answers 429 with every kind of Retry-After. */
export const retryAfter: Experiment = {
  title: "429 with a Retry-After of a number, a date, garbage, a negative number, and none",
  missing: () => Promise.resolve(undefined),
  run: async () => {
    const figures: Figure[] = [];
    for (const [value, waitMs] of headers) {
      const times = await timesOfRequests(value);
      const gapMs = (times[1] ?? Infinity) - (times[0] ?? 0);
      const name = value ?? "none";
      if (waitMs !== undefined) figures.push(exactly(`${name}: early retries`, gapMs < waitMs ? 1 : 0, 0));
      figures.push(shown(`${name}: requests`, times.length, ""));
      figures.push(exactly(`${name}: crashes`, times.length === 0 ? 1 : 0, 0));
    }
    return figures;
  },
};

/** Returns the times of the requests that one call makes to a server that is always full. */
async function timesOfRequests(header: string | undefined): Promise<readonly number[]> {
  const times: number[] = [];
  let isKnown = false;
  const server = createServer((request, response) => {
    request.resume();
    const json = { "content-type": "application/json" };
    if (request.method === "GET")
      return void response
        .writeHead(200, json)
        .end(JSON.stringify({ data: [{ id: "fake" }], total_slots: 4 }));
    if (!isKnown) {
      // The driver's own question about the length of a vector.
      isKnown = true;
      return void response
        .writeHead(200, json)
        .end(JSON.stringify({ data: [{ index: 0, embedding: [1, 2] }] }));
    }
    times.push(performance.now());
    const extra = header === undefined ? {} : { "retry-after": header };
    response
      .writeHead(429, { ...json, ...extra })
      .end(JSON.stringify({ error: { message: "full", code: 429 } }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const pool = createEmbedderPool({
    replicas: [{ name: url, driver: new LlamaCppEmbedder({ url, maxAttempts: 1 }) }],
  });
  try {
    const deadlineAt = Date.now() + 5_000;
    await pool.embed(["text"], { role: "query", deadlineAt }).catch(() => undefined);
    return times;
  } finally {
    await pool.close();
    server.closeAllConnections();
    server.close();
  }
}

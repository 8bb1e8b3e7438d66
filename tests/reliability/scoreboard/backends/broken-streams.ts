import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";
import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import { chatChunks } from "../../../../bench/src/inference/wire-fixtures.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";

const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
const stream = chatChunks(20);
const cut = stream.subarray(0, stream.length / 2);
const longLineBytes = 100 * 2 ** 20;
const deadlineMs = 1_500;

/** Ways in which a server can break a stream. Each gets a socket that has sent a request. */
const faults: Readonly<Record<string, (socket: Socket) => Promise<void> | void>> = {
  "a body that drips": async (socket) => {
    socket.write(head);
    for (let at = 0; !socket.destroyed; at = (at + 1) % cut.length) {
      socket.write(cut.subarray(at, at + 1));
      await sleep(5);
    }
  },
  "a stream that ends too early": (socket) => void socket.end(Buffer.concat([Buffer.from(head), cut])),
  "a reset in mid-stream": async (socket) => {
    socket.write(Buffer.concat([Buffer.from(head), cut]));
    await sleep(50);
    socket.resetAndDestroy();
  },
  "a connection that stays silent": () => undefined,
  "a stream that stops": (socket) => void socket.write(Buffer.concat([Buffer.from(head), cut])),
  "a line of 100 MB": async (socket) => {
    const piece = Buffer.alloc(64 * 1024, "x");
    const pieces = function* () {
      yield `${head}data: `;
      for (let sent = 0; sent < longLineBytes; sent += piece.length) yield piece;
    };
    await pipeline(Readable.from(pieces()), socket).catch(() => undefined); // the client has left
  },
};

/** SB-B5: streams that drip, break, stop or never end a line. */
export const brokenStreams: Experiment = {
  title: "broken streams of a model server",
  missing: () => Promise.resolve(undefined),
  run: async () => {
    let [lateMs, peakBytes, taken, untyped, left] = [0, 0, 0, 0, 0];
    await askOnce("a stream that ends too early"); // loads everything, so that it does not count as memory
    const base = process.memoryUsage.rss();
    const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss() - base)), 10);
    try {
      for (const name of Object.keys(faults)) {
        const { endedMs, error, openSockets } = await askOnce(name);
        lateMs = Math.max(lateMs, endedMs - deadlineMs);
        if (error === undefined) taken += 1;
        else if (!BinnacleError.isInstance(error)) untyped += 1;
        left += openSockets;
      }
    } finally {
      clearInterval(watch);
    }
    return [
      shown("faults", Object.keys(faults).length, ""),
      exactly("broken streams taken for whole", taken, 0),
      exactly("errors that are not the SDK's", untyped, 0),
      exactly("sockets left open", left, 0),
      atMost("ends after the deadline, at most", lateMs, 100, "ms"),
      atMost("memory above the base, at most", peakBytes / 2 ** 20, 64, "MB"),
    ];
  },
};

interface Asked {
  readonly endedMs: number;
  readonly error: unknown;
  readonly openSockets: number;
}

/** Asks a server with this fault and measures how the call ends. */
async function askOnce(name: string): Promise<Asked> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined); // the client has left
    socket.on("close", () => sockets.delete(socket));
    socket.once("data", () => void faults[name]?.(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const backend = new LlamaCppBackend({ url: `http://127.0.0.1:${port}`, maxAttempts: 1 });
  const startedAt = performance.now();
  const asked = { messages: [{ role: "user" as const, content: "Why?" }] };
  const error: unknown = await backend
    .generate(asked, { deadlineAt: Date.now() + deadlineMs })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  const endedMs = performance.now() - startedAt;
  for (let wait = 0; wait < 40 && sockets.size > 0; wait++) await sleep(5);
  const openSockets = sockets.size;
  await backend.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  return { endedMs, error, openSockets };
}

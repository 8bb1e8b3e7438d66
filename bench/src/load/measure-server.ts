import { createBatchingEmbedder } from "@binnacle/inference";
import type { EmbedInput, Embedder, InferenceBackend } from "@binnacle/core";

/** Times of one kind of request. */
export interface Figures {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  /** Median until the first token. NaN if the request has none. */
  readonly firstToken: number;
  readonly perSecond: number;
  readonly failed: number;
}

const words = ["tide", "harbour", "compass", "anchor", "ledger", "lighthouse", "sextant"];
const sentence = (index: number): string =>
  `The ${words[index % words.length]} number ${index} stands by the quay, and its keeper writes a log of it.`;
// A PNG of one pixel.
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Measures one text at a time, many callers without and with batches, and images if the model takes them. */
export async function measureEmbedding(
  embedder: Embedder,
  count: number,
  callers: number,
): Promise<readonly Figures[]> {
  const { accepts } = await embedder.describe();
  const texts = (index: number): EmbedInput => sentence(index);
  const many = count * 5;
  await using batching = createBatchingEmbedder(embedder);
  const figures = [
    await run("text embedding, one at a time", many, 1, embedOne(embedder, texts)),
    await run(`text embedding, ${callers} callers`, many, callers, embedOne(embedder, texts)),
    await run(
      `text embedding, ${callers * 4} callers in batches`,
      many,
      callers * 4,
      embedOne(batching, texts),
    ),
  ];
  if (!accepts.includes("image")) return figures;
  const image = { type: "image", image: { mediaType: "image/png", data: new Uint8Array(pixel) } } as const;
  return [
    ...figures,
    await run(
      "image embedding",
      count,
      1,
      embedOne(embedder, () => ({ content: [image] })),
    ),
  ];
}

function embedOne(embedder: Embedder, inputOf: (index: number) => EmbedInput): Send {
  return async (index) => {
    const { outcomes } = await embedder.embed([inputOf(index)], { role: "document" });
    const [outcome] = outcomes;
    if (outcome instanceof Float32Array) return NaN;
    throw outcome ?? new Error("the server answered no vector");
  };
}

/** Options of {@link measureGeneration}. */
export interface GenerationLoad {
  readonly tokens: number;
  readonly count: number;
  readonly callers: number;
}

/** Measures answers of this many tokens at most, one at a time and by several callers. */
export async function measureGeneration(
  backend: InferenceBackend,
  { tokens, count, callers }: GenerationLoad,
): Promise<readonly Figures[]> {
  const send: Send = async (index) => {
    const startedAt = performance.now();
    const content = `Story ${index}: write a very long story about a ${words[index % words.length]}.`;
    const stream = backend.stream({ messages: [{ role: "user", content }], maxTokens: tokens });
    let first = NaN;
    for await (const event of stream)
      if (Number.isNaN(first) && event.type === "text") first = performance.now() - startedAt;
    return first;
  };
  return [
    await run(`generation of ${tokens} tokens, one at a time`, count, 1, send),
    await run(`generation of ${tokens} tokens, ${callers} callers`, count, callers, send),
  ];
}

/** Sends request number `index` and resolves with the milliseconds until its first token. */
type Send = (index: number) => Promise<number>;

async function run(name: string, count: number, callers: number, send: Send): Promise<Figures> {
  await send(count); // opens the connection and loads the model
  const times: number[] = [];
  const firsts: number[] = [];
  let [next, failed] = [0, 0];
  const startedAt = performance.now();
  const caller = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const sentAt = performance.now();
      try {
        firsts.push(await send(index));
        times.push(performance.now() - sentAt);
      } catch (error) {
        failed += 1;
        if (failed === 1) console.error(`${name}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(callers, count) }, caller));
  const perSecond = times.length / ((performance.now() - startedAt) / 1_000);
  return { name, p50: at(times, 0.5), p95: at(times, 0.95), firstToken: at(firsts, 0.5), perSecond, failed };
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

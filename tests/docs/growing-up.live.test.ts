import { describe, expect, it, onTestFinished } from "vitest";
import { qdrantMissing, startQdrant } from "../servers/qdrant.ts";
import { redisMissing, startRedis } from "../servers/redis.ts";
import { firstExample } from "./code-blocks.ts";
import { createReaderFolder, type ReaderFolder } from "./reader-folder.ts";

// Servers of its own, because the guide's collection has a name that others use.
const missing = qdrantMissing("own") ?? (await redisMissing("own"));
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`the guide "Growing up"${because}`, () => {
  it("moves its app from SQLite to Redis and Qdrant, and embeds nothing anew for Qdrant (T57)", async () => {
    const [qdrant, redis] = await Promise.all([startQdrant({ apiKey: "right" }), startRedis({ own: true })]);
    const [one, other] = await Promise.all([createReaderFolder(), createReaderFolder()]);
    onTestFinished(async () => {
      await Promise.all([qdrant.close(), redis.close(), one.remove(), other.remove()]);
    });
    const code = firstExample("docs/guides/growing-up.md");
    const small = { QDRANT_URL: "", QDRANT_API_KEY: "", REDIS_URL: "" };
    const withRedis = { ...small, REDIS_URL: redis.url };
    const grown = { ...withRedis, QDRANT_URL: qdrant.url, QDRANT_API_KEY: "right" };
    const run = async (reader: ReaderFolder, environment: NodeJS.ProcessEnv) => {
      const [line = "", model] = (await reader.run(code, environment)).split("\n");
      return [JSON.parse(line), model];
    };

    const inFile = { found: "signing.md", search: "exact", fences: "enforced" };
    const atQdrant = { found: "signing.md", search: "approximate", fences: "detected" };
    const first = "+2 ~0 -0 documents, 2 embeddings, 0 failures";
    const same = "+0 ~0 -0 documents, 0 embeddings, 0 failures";
    expect(await run(one, small)).toEqual([{ summary: first, ...inFile }, "3 texts sent to the model"]);
    expect(await run(one, small)).toEqual([{ summary: same, ...inFile }, "1 texts sent to the model"]);
    expect(await run(other, withRedis)).toEqual([{ summary: first, ...inFile }, "3 texts sent to the model"]);
    expect(await run(other, grown)).toEqual([{ summary: first, ...atQdrant }, "0 texts sent to the model"]);
    expect(await run(other, grown)).toEqual([{ summary: same, ...atQdrant }, "0 texts sent to the model"]);
    expect(await run(other, small)).toMatchObject([inFile, "1 texts sent to the model"]);
  }, 120_000);
});

import { expect, test } from "vitest";
import { createEmbedder } from "./fixtures/subjects.ts";

const vector = Buffer.from(Float32Array.of(1, 0, 0).buffer).toString("base64");

test("sends texts as they are, with their line breaks and tabs (D14)", async () => {
  const text = "def f():\n\treturn 1\r\n\n| a | b |\n";
  const sent: string[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push(String(init?.body));
    const data = [{ object: "embedding", index: 0, embedding: vector }];
    return Response.json({ object: "list", model: "m", data, usage: { prompt_tokens: 1, total_tokens: 1 } });
  };
  const embedder = await createEmbedder("http://server", fetch);
  await embedder.embed([text], { role: "document" });
  expect(sent.at(-1)).toContain(JSON.stringify(text));
  await embedder.close();
});

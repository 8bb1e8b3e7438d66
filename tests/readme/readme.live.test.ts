import { expect, onTestFinished, test } from "vitest";
import { firstExample } from "../docs/code-blocks.ts";
import { createReaderFolder } from "../docs/reader-folder.ts";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";

const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (${missing})`;

// The servers listen on the addresses of the README, because readers type those.
test.skipIf(missing !== undefined)(`runs the README's lines unchanged (T46, T47)${because}`, async () => {
  const reader = await createReaderFolder();
  onTestFinished(reader.remove);
  const [chat, embed] = await Promise.all([
    startLlamaServer({ kind: "chat", port: 8080 }),
    startLlamaServer({ kind: "embed", port: 8081 }),
  ]);
  try {
    const first = await reader.run(firstExample("README.md"));
    expect(first).toMatch(/^\+2 ~0 -0 documents, \d+ embeddings, 0 failures\n/);
    expect(first).toContain("keys rotate");
    expect(first).toMatch(/\[\d+\] signing\.md:\d+-\d+\n/);
    const second = await reader.run(firstExample("README.md"));
    expect(second).toMatch(/^\+0 ~0 -0 documents, 0 embeddings, 0 failures\n/);
  } finally {
    await Promise.all([chat.close(), embed.close()]);
  }
});

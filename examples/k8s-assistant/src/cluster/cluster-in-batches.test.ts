import { FakeEmbedder } from "@binnacle/core/testing";
import { createKubernetesSource, kubernetesFields } from "@binnacle/k8s-sync";
import { createChunker, createIndexer, defineIndex, MemoryManifest, MemoryStore } from "@binnacle/retriever";
import { expect, test } from "vitest";
import { FakeApiServer } from "../../../../packages/k8s-sync/src/source/fixtures/fake-api-server.ts";
import { webTypes } from "../../../../packages/k8s-sync/src/source/fixtures/web-types.ts";

test("embeds the objects of a cluster in full batches, and none of them twice (T50)", async () => {
  const server = new FakeApiServer(webTypes);
  const objects = 100;
  for (let each = 0; each < objects; each += 1) server.put("pods", `web-${each}`, "shop");
  const store = new MemoryStore();
  const manifest = new MemoryManifest();
  const embedder = new FakeEmbedder();
  const index = defineIndex({
    name: "objects",
    chunker: await createChunker(),
    embedder,
    fields: kubernetesFields,
  });
  const indexer = createIndexer({ store, manifest, index });
  for (const added of [objects, 0]) {
    const source = createKubernetesSource({
      cluster: "lab",
      access: { url: "http://127.0.0.1", fetch: server.fetch },
    });
    expect(await indexer.sync(source)).toMatchObject({ documents: { added, failed: 0 } });
    await source.close();
  }
  const { maxItems } = await embedder.describe();
  expect(embedder.embedded).toHaveLength(objects);
  expect(embedder.calls).toBeLessThanOrEqual(Math.ceil(objects / maxItems) + 1);
});

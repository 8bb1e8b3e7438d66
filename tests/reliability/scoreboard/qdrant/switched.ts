import { createIndexer, MemoryManifest, reindex } from "@binnacle/retriever";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import {
  ALIAS,
  documentOf,
  fillOld,
  indexOf,
  readThroughAlias,
  textsOf,
} from "../../../../packages/retriever/src/reindexing/fixtures/reindexed-handbook.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";

const points = 400;
/** Another process trusts an alias for a second. */
const trustMs = 1_500;

/** SB-Q4: `reindex` fills a second collection and switches the alias while others read and write. */
export const aliasSwitched: Experiment = {
  title: "re-index behind an alias under reads and writes",
  missing: () => Promise.resolve(qdrantMissing()),
  run: async () => {
    const server = await startQdrant();
    const { url, apiKey } = server;
    const [store, elsewhere] = [new QdrantStore({ url, apiKey }), new QdrantStore({ url, apiKey })];
    try {
      const manifest = new MemoryManifest();
      const old = await fillOld(store, points, manifest);
      const readers = readThroughAlias(elsewhere);
      // A writer of the old definition that knows the alias: after the switch it is refused.
      const indexer = createIndexer({ store, index: indexOf("old"), manifest });
      const written = new Map<string, string>();
      let [tries, refused] = [0, 0];
      const writing: Promise<unknown>[] = [];
      const write = async (n: number): Promise<void> => {
        const document = documentOf(n % 2 === 0 ? n : points + n, `edited ${n}`);
        try {
          const { failures } = await indexer.upsert([document]);
          if (failures.length > 0) refused += 1;
          else written.set(document.id, `edited ${n}`);
        } catch {
          refused += 1;
        }
      };
      const onProgress = (): void => void writing.push(write(tries++));
      await reindex({ store, index: indexOf("new"), manifest, onProgress });
      await Promise.all(writing);
      await store.deleteCollection(old.name);
      await new Promise((resolve) => setTimeout(resolve, trustMs));
      const seen = await readers.stop();
      const texts = await textsOf(elsewhere, ALIAS);
      const lost = [...written].filter(([id, text]) => texts.get(id) !== text).length;
      return [
        exactly("reads failing", seen.failed, 0, "reads"),
        exactly("reads of two indexes at once", seen.mixed, 0, "reads"),
        exactly("reads of an empty index", seen.partial, 0, "reads"),
        exactly("writes lost in the switch", lost, 0, "writes"),
        exactly("spaces that the readers saw", seen.spaces.size, 2, "spaces"),
        shown("reads", seen.reads, "reads"),
        shown("writes acknowledged during it", written.size, "writes"),
        shown("writes refused after it", refused, "writes"),
      ];
    } finally {
      for (const { name } of await store.listCollections()) await store.deleteCollection(name);
      await Promise.all([store.close(), elsewhere.close(), server.close()]);
    }
  },
};

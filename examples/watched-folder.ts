// Keeps an index in line with a folder while people edit it.
// Run it: node --conditions=@binnacle/source examples/watched-folder.ts ./your-folder
import { createBm25Encoder, createChunker, createIndexer, defineIndex } from "@binnacle/retriever";
import { FolderSource } from "@binnacle/retriever/folder";
import { SqliteStore } from "@binnacle/retriever/sqlite";

const [path = "examples/rag-server/handbook", file = "watched-folder.sqlite"] = process.argv.slice(2);
const store = new SqliteStore({ path: file });
const index = defineIndex({ name: "watched", chunker: await createChunker(), sparse: createBm25Encoder() });

let shown = "";
const indexer = createIndexer({
  store,
  index,
  onProgress: ({ documentsFailed, pointsWritten, pointsDeleted }) => {
    const line = `${pointsWritten} points written, ${pointsDeleted} deleted, ${documentsFailed} documents failed`;
    if (line !== shown) console.log(line);
    shown = line;
  },
});

const following = indexer.follow(new FolderSource({ path }));
process.once("SIGINT", () => void following.close());
console.log(`Watching ${path}. Edit a file, or press Ctrl-C to stop.`);

const report = await following.done; // resolves after close()
console.log(report.summary);
await store.close();

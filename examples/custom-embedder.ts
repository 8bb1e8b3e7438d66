// Any function can be the embedder. This one hashes groups of three letters, so it finds words despite typing errors.
// Run it: node --conditions=@binnacle/source examples/custom-embedder.ts
import { createChunker, createEmbedder, createIndexer, createRetriever } from "@binnacle/retriever";
import { defineIndex, MemoryStore } from "@binnacle/retriever";

const dimensions = 256;

/** In an app: a call of your provider's client. Pass `options.signal` on to it. */
function embedText(text: string): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    for (let at = 0; at + 3 <= word.length + 2; at++) {
      let hash = 7;
      for (const letter of ` ${word} `.slice(at, at + 3))
        hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
      vector[hash % dimensions] = (vector[hash % dimensions] ?? 0) + 1;
    }
  }
  return vector;
}

const embedder = createEmbedder({
  id: "letters-in-threes@1", // change it with everything that changes the numbers
  dimensions,
  embed: (texts) => texts.map(embedText),
});

const store = new MemoryStore();
const index = defineIndex({ name: "typos", chunker: await createChunker(), embedder });
const report = await createIndexer({ store, index }).upsert([
  { id: "keys", text: "Rotate the signing key every 90 days.", metadata: {} },
  { id: "backups", text: "Restore the database from last night's backup.", metadata: {} },
]);
console.log(report.throwIfFailed().summary);

const { passages } = await createRetriever({ store, index, limit: 1 }).retrieve("rotatte teh singing kee");
console.log(passages[0]?.text);
await store.close();
await embedder.close();

// Rows of a database as documents, with filters that TypeScript checks against the columns.
// Run it: node --conditions=@binnacle/source examples/database-rows.ts
import { DatabaseSync } from "node:sqlite";
import { createBm25Encoder, createChunker, createIndexer, createRetriever } from "@binnacle/retriever";
import { defineIndex, fromDocuments, MemoryStore } from "@binnacle/retriever";
import { z } from "zod";

const database = new DatabaseSync(":memory:");
database.exec(`
  CREATE TABLE articles (id INTEGER, body TEXT, team TEXT, year INTEGER, revision INTEGER);
  INSERT INTO articles VALUES
    (1, 'Refunds reach the card within five working days.', 'support', 2026, 1),
    (2, 'Refunds above 500 euros need a second signature.', 'finance', 2026, 1),
    (3, 'Refunds are paid by cheque.', 'finance', 2011, 1);
`);

const articleSchema = z.object({
  id: z.number(),
  body: z.string(),
  team: z.string(),
  year: z.number(),
  revision: z.number(),
});

// The version lets a sync skip every row whose revision it has already indexed.
const source = fromDocuments(
  () =>
    database
      .prepare("SELECT * FROM articles")
      .all()
      .map((row) => articleSchema.parse(row))
      .map(({ id, body, revision, team, year }) => ({
        id: String(id),
        text: body,
        version: String(revision),
        metadata: { team, year },
      })),
  { id: "articles", complete: true }, // complete: a row that is no longer listed leaves the index
);

const store = new MemoryStore();
const index = defineIndex({
  name: "articles",
  chunker: await createChunker(),
  sparse: createBm25Encoder(),
  schema: articleSchema.pick({ team: true, year: true }),
  fields: { team: "keyword", year: "integer" },
});
const indexer = createIndexer({ store, index });
console.log((await indexer.sync(source)).throwIfFailed().summary);

database.exec("UPDATE articles SET body = 'Refunds take three days.', revision = 2 WHERE id = 1");
database.exec("DELETE FROM articles WHERE id = 3");
console.log((await indexer.sync(source)).throwIfFailed().summary);

const retriever = createRetriever({ store, index });
const filter = { team: "finance", year: { $gte: 2025 } }; // a misspelt column does not compile
const { passages } = await retriever.retrieve("How are refunds paid?", { filter });
for (const { documentId, text } of passages) console.log(`${documentId}: ${text}`);
await store.close();

import { join } from "node:path";
import type { Chunker, Document, DocumentSource } from "@binnacle/core";
import {
  createBm25Encoder,
  createIndexer,
  createMarkdownChunker,
  createTokenizer,
  defineIndex,
  verifyIndex,
  type Index,
  type IndexReport,
} from "@binnacle/retriever";
import { FolderSource, type FolderFileSystem } from "@binnacle/retriever/folder";
import { SqliteStore } from "@binnacle/retriever/sqlite";
// Not a public export. Used below the source, with a counter around it.
import { nodeFileSystem } from "../../packages/retriever/src/sources/folder/file-system.ts";
import { editPage, renamePage } from "./index-changes.ts";
import {
  DIMENSIONS,
  MAX_TOKENS,
  MS_PER_TEXT,
  OVERLAP_TOKENS,
  REPEATS,
  highestBytes,
  settledBytes,
  timed,
  type ChangeFigures,
  type RunFigures,
  type SideFigures,
  type SideInput,
} from "./index-figures.ts";
import { CountingModel, asEmbedder } from "./index-model.ts";

const NAME = "bench";

/**
 * Measures first ingest, unchanged corpus, edits and renames with FolderSource and SqliteStore: dense vectors
 * and BM25, on disk.
 */
export async function measureBinnacle(input: SideInput): Promise<SideFigures> {
  const setUp = await createSetUp(input.folder, join(input.dataFolder, "index.sqlite"));
  await warmUp(input);
  const { store, source, sync, chunksOf } = setUp;
  const collection = store.collection(NAME);
  const baseline = settledBytes();
  const ingest = await sync();
  const peakBytes = highestBytes() - baseline;
  const faults: string[] = [];

  const unchanged: RunFigures[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const epoch = await collection.epoch();
    unchanged.push(await sync());
    if ((await collection.epoch()) !== epoch) faults.push("an unchanged corpus changed the store");
  }
  const fewestLive = await collection.count();
  const known = await contentsOf(source, chunksOf);
  const { count: chunks, keys } = known;
  const distinct = keys.size;
  const changes = input.withChanges ? await measureChanges(input.folder, setUp, keys) : undefined;
  await store.close();
  return {
    chunks,
    distinct,
    ingest: { ...ingest, needed: distinct },
    peakBytes,
    unchanged,
    fewestLive,
    changes,
    faults: [...faults, ...findFaults(unchanged, changes)],
  };
}

async function measureChanges(
  folder: string,
  { store, index, source, sync, chunksOf, document }: SetUp,
  known: Set<string>,
): Promise<ChangeFigures> {
  const edited: RunFigures[] = [];
  for (let turn = 0; turn < REPEATS; turn++) {
    const path = await editPage(folder, turn);
    const contents = chunksOf(await document(path)).filter((key) => !known.has(key));
    for (const key of contents) known.add(key);
    edited.push({ ...(await sync()), needed: new Set(contents).size });
  }
  const renamed: RunFigures[] = [];
  for (let turn = 0; turn < REPEATS; turn++) {
    await renamePage(folder, turn);
    renamed.push({ ...(await sync()), needed: 0 });
  }
  const verified = await verifyIndex({ store, index, source, manifest: store.manifest });
  return { edited, renamed, wrongPoints: verified.differenceCount };
}

interface SetUp {
  readonly store: SqliteStore;
  readonly index: Index;
  readonly source: DocumentSource;
  readonly sync: () => Promise<RunFigures>;
  /** Returns the contents of a document's chunks from the chunker alone. */
  readonly chunksOf: (document: Document) => readonly string[];
  readonly document: (path: string) => Promise<Document>;
}

async function createSetUp(folder: string, path: string): Promise<SetUp> {
  const tokenizer = await createTokenizer("o200k_base");
  const chunker = await createMarkdownChunker({
    tokenizer,
    maxTokens: MAX_TOKENS,
    overlapTokens: OVERLAP_TOKENS,
  });
  const model = new CountingModel({ dimensions: DIMENSIONS, msPerText: MS_PER_TEXT });
  const store = new SqliteStore({ path });
  const index = defineIndex({
    name: NAME,
    chunker,
    embedder: asEmbedder(model),
    sparse: createBm25Encoder(),
  });
  const indexer = createIndexer({ store, index });
  const reads = { count: 0 };
  const source = new FolderSource({ path: folder, id: "pages" }, countingReads(reads));
  // The expected result is read without the counter.
  const silent = new FolderSource({ path: folder, id: "pages" });
  return {
    store,
    index,
    source: silent,
    chunksOf: (document) => contents(chunker, document),
    document: (documentPath) => loadDocument(silent, documentPath),
    sync: () =>
      timed(async () => {
        const before = { texts: model.texts, reads: reads.count };
        const report = await indexer.sync(source);
        failOnFailures(report);
        return {
          embedded: model.texts - before.texts,
          written: report.pointsWritten,
          deleted: report.pointsDeleted,
          read: reads.count - before.reads,
        };
      }),
  };
}

async function warmUp({ warmUpFolder, dataFolder }: SideInput): Promise<void> {
  const { store, sync } = await createSetUp(warmUpFolder, join(dataFolder, "warm-up.sqlite"));
  await sync();
  await store.close();
}

function countingReads(reads: { count: number }): FolderFileSystem {
  return {
    ...nodeFileSystem,
    read: (path, maxBytes) => {
      reads.count += 1;
      return nodeFileSystem.read(path, maxBytes);
    },
  };
}

const contents = (chunker: Chunker, document: Document): readonly string[] =>
  Array.from(chunker.chunk(document), ({ context, text }) => JSON.stringify([context, text]));

async function contentsOf(
  source: DocumentSource,
  chunksOf: SetUp["chunksOf"],
): Promise<{ readonly keys: Set<string>; readonly count: number }> {
  const keys = new Set<string>();
  let count = 0;
  for await (const change of source.changes({ follow: false })) {
    const document = change.type === "upsert" ? await change.load() : undefined;
    if (document === undefined) continue;
    for (const key of chunksOf(document)) {
      keys.add(key);
      count += 1;
    }
  }
  return { keys, count };
}

async function loadDocument(source: DocumentSource, path: string): Promise<Document> {
  for await (const change of source.changes({ follow: false })) {
    if (change.type !== "upsert" || change.documentId !== path) continue;
    const document = await change.load();
    if (document !== undefined) return document;
  }
  throw new Error(`the source does not list ${path}`);
}

function failOnFailures({ summary, failures, incomplete }: IndexReport): void {
  if (failures.length > 0 || incomplete.length > 0) throw new Error(`a sync did not succeed: ${summary}`);
}

function findFaults(unchanged: readonly RunFigures[], changes: ChangeFigures | undefined): readonly string[] {
  const faults: string[] = [];
  for (const { embedded, written, deleted, read } of unchanged) {
    if (embedded + written + deleted + read > 0)
      faults.push(`unchanged: ${embedded} embedded, ${written} written, ${deleted} deleted, ${read} read`);
  }
  if (changes === undefined) return faults;
  for (const { embedded, needed } of [...changes.edited, ...changes.renamed]) {
    if (embedded !== needed) faults.push(`${embedded} texts were embedded where ${needed} were new`);
  }
  if (changes.wrongPoints > 0) faults.push(`verifyIndex found ${changes.wrongPoints} differences`);
  return faults;
}

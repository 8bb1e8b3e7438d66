import { DirectoryLoader } from "@langchain/classic/document_loaders/fs/directory";
import { TextLoader } from "@langchain/classic/document_loaders/fs/text";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import type { Document } from "@langchain/core/documents";
import { index } from "@langchain/core/indexing";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
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
import { LangchainModel } from "./index-langchain-model.ts";
import { CountingModel } from "./index-model.ts";
import { MemoryRecordManager } from "./index-record-manager.ts";

/** Measures the same with LangChain's loader, splitter, `index()` and in-memory store. */
export async function measureLangchain(input: SideInput): Promise<SideFigures> {
  const setUp = createSetUp(input.folder);
  const { store, sync, chunks } = setUp;
  await createSetUp(input.warmUpFolder).sync();
  const baseline = settledBytes();
  const ingest = await sync();
  const peakBytes = highestBytes() - baseline;

  const unchanged: RunFigures[] = [];
  store.fewest = store.memoryVectors.length;
  for (let i = 0; i < REPEATS; i++) unchanged.push(await sync());
  const fewestLive = store.fewest;

  const before = await chunks();
  const known = new Set(before.map(contentOf));
  const distinct = known.size;
  return {
    chunks: before.length,
    distinct,
    ingest: { ...ingest, needed: distinct },
    peakBytes,
    unchanged,
    fewestLive,
    changes: input.withChanges ? await measureChanges(input.folder, setUp, known) : undefined,
    faults: [],
  };
}

async function measureChanges(
  folder: string,
  { store, chunks, sync }: SetUp,
  known: Set<string>,
): Promise<ChangeFigures> {
  const edited: RunFigures[] = [];
  for (let turn = 0; turn < REPEATS; turn++) {
    await editPage(folder, turn);
    const fresh = (await chunks()).map(contentOf).filter((content) => !known.has(content));
    for (const content of fresh) known.add(content);
    edited.push({ ...(await sync()), needed: new Set(fresh).size });
  }
  const renamed: RunFigures[] = [];
  for (let turn = 0; turn < REPEATS; turn++) {
    await renamePage(folder, turn);
    renamed.push({ ...(await sync()), needed: 0 });
  }
  const wanted = new Set((await chunks()).map(identityOf));
  const stored = store.memoryVectors.map(({ content, metadata }) =>
    identityOf({ pageContent: content, metadata }),
  );
  const has = new Set(stored);
  const extra = stored.filter((identity) => !wanted.has(identity)).length;
  const missing = [...wanted].filter((identity) => !has.has(identity)).length;
  return { edited, renamed, wrongPoints: extra + missing };
}

interface SetUp {
  readonly store: DeletingMemoryStore;
  readonly chunks: () => Promise<Document[]>;
  readonly sync: () => Promise<RunFigures>;
}

function createSetUp(folder: string): SetUp {
  const model = new CountingModel({ dimensions: DIMENSIONS, msPerText: MS_PER_TEXT });
  const store = new DeletingMemoryStore(new LangchainModel(model));
  const recordManager = new MemoryRecordManager();
  const splitter = RecursiveCharacterTextSplitter.fromLanguage("markdown", {
    chunkSize: MAX_TOKENS,
    chunkOverlap: OVERLAP_TOKENS,
    lengthFunction: (text) => countTokens(text),
  });
  const reads = { count: 0 };
  const chunks = async (): Promise<Document[]> => {
    const loader = new DirectoryLoader(folder, {
      ".md": (path) => {
        reads.count += 1;
        return new TextLoader(path);
      },
    });
    return splitter.splitDocuments(await loader.load());
  };
  const sync = (): Promise<RunFigures> =>
    timed(async () => {
      const before = { texts: model.texts, reads: reads.count };
      const docsSource = await chunks();
      const options = { cleanup: "incremental", sourceIdKey: "source" } as const;
      const { numAdded, numDeleted } = await index({
        docsSource,
        recordManager,
        vectorStore: store,
        options,
      });
      return {
        embedded: model.texts - before.texts,
        written: numAdded,
        deleted: numDeleted,
        read: reads.count - before.reads,
      };
    });
  return { store, chunks, sync };
}

/** Adds deletion and ids to LangChain's store. Without them `index()` would throw. */
class DeletingMemoryStore extends MemoryVectorStore {
  /** Fewest vectors after a deletion. */
  fewest = Infinity;

  override async addDocuments(documents: Document[], options?: { readonly ids?: string[] }): Promise<void> {
    documents.forEach((document, i) => {
      const id = options?.ids?.[i];
      if (id !== undefined) document.id = id;
    });
    await super.addDocuments(documents);
  }

  override delete({ ids }: { readonly ids: readonly string[] }): Promise<void> {
    const gone = new Set<string | undefined>(ids);
    this.memoryVectors = this.memoryVectors.filter(({ id }) => !gone.has(id));
    this.fewest = Math.min(this.fewest, this.memoryVectors.length);
    return Promise.resolve();
  }
}

const contentOf = ({ pageContent }: Pick<Document, "pageContent">): string => pageContent;

function identityOf({ pageContent, metadata }: Pick<Document, "pageContent" | "metadata">): string {
  return JSON.stringify([metadata["source"], pageContent]);
}

import type { StoredPoint, Upsert } from "@binnacle/core";
import {
  createBm25Encoder,
  createChunker,
  createIndexer,
  defineIndex,
  MemoryStore,
  type Index,
} from "@binnacle/retriever";
import { FolderSource } from "@binnacle/retriever/folder";

/** Pages in a store. */
export interface IndexedPages {
  readonly store: MemoryStore;
  readonly index: Index;
  readonly points: number;
  readonly pages: readonly string[];
}

/** Indexes a folder of pages for lexical search, as a newcomer would. */
export async function indexFolder(path: string): Promise<IndexedPages> {
  const store = new MemoryStore();
  const index = defineIndex({ name: "pages", chunker: await createChunker(), sparse: createBm25Encoder() });
  await createIndexer({ store, index }).sync(new FolderSource({ path, include: ["*.html"] }));
  const points = await readPoints(store, index);
  const pages = [...new Set(points.map(({ chunk }) => chunk.documentId))];
  return { store, index, points: points.length, pages };
}

/** The same index over a few of its pages: IDFs and all are those of the small collection. */
export async function selectPages(from: IndexedPages, pages: ReadonlySet<string>): Promise<IndexedPages> {
  const store = new MemoryStore();
  const info = await from.store.describeCollection(from.index.name);
  if (info === undefined) throw new Error(`nothing was indexed into "${from.index.name}"`);
  const { name, dense, sparse, fields } = info;
  await store.ensureCollection({ name, dense, sparse, fields });
  const chosen = (await readPoints(from.store, from.index)).filter(({ chunk }) =>
    pages.has(chunk.documentId),
  );
  await store.collection(name).write(
    chosen.map(({ id, chunk, metadata, dense, sparse }): Upsert => ({
      type: "upsert",
      id,
      chunk,
      metadata,
      dense,
      sparse,
    })),
  );
  return { store, index: from.index, points: chosen.length, pages: [...pages] };
}

async function readPoints(store: MemoryStore, index: Index): Promise<readonly StoredPoint[]> {
  const points: StoredPoint[] = [];
  for await (const point of store.collection(index.name).scan({ includeVectors: true })) points.push(point);
  return points;
}

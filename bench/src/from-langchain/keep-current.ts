import { DirectoryLoader } from "@langchain/classic/document_loaders/fs/directory";
import { TextLoader } from "@langchain/classic/document_loaders/fs/text";
import { index, type RecordManagerInterface } from "@langchain/core/indexing";
import type { VectorStore } from "@langchain/core/vectorstores";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";

export async function keepCurrent(
  vectorStore: VectorStore,
  recordManager: RecordManagerInterface,
): Promise<void> {
  const loader = new DirectoryLoader("./handbook", { ".md": (path) => new TextLoader(path) });
  const splitter = RecursiveCharacterTextSplitter.fromLanguage("markdown", { chunkSize: 1_200 });
  const docsSource = await splitter.splitDocuments(await loader.load());
  const options = { cleanup: "incremental", sourceIdKey: "source" } as const;
  const { numAdded, numDeleted } = await index({ docsSource, recordManager, vectorStore, options });
  console.log(numAdded, numDeleted);
}

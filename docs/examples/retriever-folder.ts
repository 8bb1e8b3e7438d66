import { FolderSource } from "@binnacle/retriever/folder";

const source = new FolderSource({ path: "./handbook", exclude: ["drafts/**"] });
for await (const change of source.changes({ follow: false })) {
  if (change.type === "upsert") console.log(change.documentId, change.version);
}

import { FolderSource } from "@binnacle/retriever/folder";
import { imageParser } from "@binnacle/retriever/formats/image";

const source = new FolderSource({ path: "./handbook", parsers: [imageParser] });
for await (const change of source.changes({ follow: false })) {
  const document = change.type === "upsert" ? await change.load() : undefined;
  if (document?.media !== undefined) console.log(document.title, document.metadata["width"]);
}

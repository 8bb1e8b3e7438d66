import { FolderSource } from "@binnacle/retriever/folder";
import { csvParser } from "@binnacle/retriever/formats/csv";
import { docxParser } from "@binnacle/retriever/formats/docx";
import { emlParser } from "@binnacle/retriever/formats/eml";
import { ipynbParser } from "@binnacle/retriever/formats/ipynb";
import { pdfParser } from "@binnacle/retriever/formats/pdf";

const parsers = [pdfParser, docxParser, emlParser, ipynbParser, csvParser];
const source = new FolderSource({ path: "./handbook", parsers });
for await (const change of source.changes({ follow: false })) {
  if (change.type === "upsert") console.log((await change.load())?.title);
}

export {
  fromDocuments,
  type Documents,
  type FromDocumentsOptions,
  type SourceDocument,
} from "./from-documents.ts";

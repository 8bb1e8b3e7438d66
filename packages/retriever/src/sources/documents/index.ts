export { fromDocuments, type Documents, type FromDocumentsOptions } from "./from-documents.ts";
export { type SourceDocument } from "./shown-document.ts";

import type { Document } from "@binnacle/core";

/** The result of a parser: a document without its id. */
export type ParsedText = Omit<Document, "id">;

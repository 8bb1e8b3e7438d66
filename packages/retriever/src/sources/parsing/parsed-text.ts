import type { Document } from "@binnacle/core";

/** What a parser makes of a file: everything of a document but its name. */
export type ParsedText = Omit<Document, "id">;

import type { ManifestSession } from "@binnacle/core";

/** What a run asks of the manifest. */
export type EntryLog = Pick<
  ManifestSession,
  "isNew" | "resume" | "epoch" | "get" | "find" | "put" | "forget" | "seen" | "list" | "count" | "scopes"
>;

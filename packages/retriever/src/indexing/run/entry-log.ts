import type { ManifestSession, ManifestView } from "@binnacle/core";

/** What a run asks of the manifest. */
export type EntryLog = ManifestView &
  Pick<ManifestSession, "isNew" | "resume" | "epoch" | "put" | "forget" | "confirm" | "seen">;

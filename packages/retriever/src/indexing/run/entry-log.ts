import type { ManifestSession, ManifestView } from "@binnacle/core";

/** The part of the manifest that a run uses. */
export type EntryLog = ManifestView &
  Pick<ManifestSession, "isNew" | "resume" | "epoch" | "put" | "forget" | "confirm" | "seen">;

import { randomUUID } from "node:crypto";

/** One listing of one scope. */
export interface Listing {
  readonly scope: string;
  /** The `seenIn` of what it shows. No other listing has the same id, also none before a crash. */
  readonly id: string;
  /** Epoch milliseconds: what it shows is at least as new. */
  readonly startedAt: number;
  /** Documents first indexed since it began; they do not count as its scope's when a mass deletion is judged. */
  added: number;
}

/** Begins a listing. */
export function startListing(scope: string): Listing {
  return { scope, id: randomUUID(), startedAt: Date.now(), added: 0 };
}

/** The scope of entries that were rebuilt from points, which do not say where they belong. */
export const unknownScope = "binnacle:unknown-scope";

/** The scope of documents that an app pushed. No source lists or names it, so only the app removes them. */
export const pushedScope = "binnacle:pushed";

/** `seenIn` of what no listing showed. */
export const seenNowhere = "";

import { randomUUID } from "node:crypto";

/** One listing of one scope. */
export interface Listing {
  readonly scope: string;
  /**
   * The `seenIn` of the documents that it shows. No other listing has the same id, not even a listing before
   * a crash.
   */
  readonly id: string;
  /** Epoch milliseconds. Every document that it shows is at least as new. */
  readonly startedAt: number;
  /**
   * Number of documents that came into the scope during the listing. The mass-deletion guard does not count
   * them as known documents.
   */
  added: number;
}

/** Starts a listing. */
export function startListing(scope: string): Listing {
  return { scope, id: randomUUID(), startedAt: Date.now(), added: 0 };
}

/** The scope of entries that were rebuilt from points, because points have no scope. */
export const unknownScope = "binnacle:unknown-scope";

/**
 * The scope of documents that an app pushed. No source lists or names it, so only the app removes its
 * documents.
 */
export const pushedScope = "binnacle:pushed";

/** The `seenIn` of documents that no listing showed. */
export const seenNowhere = "";

import { randomUUID } from "node:crypto";

/** One listing of one scope. */
export interface Listing {
  readonly scope: string;
  /** What entries carry as `seenIn`: never the name of another listing, also not of one before a crash. */
  readonly id: string;
  /** Documents first indexed since it began; they do not count as its scope's when a mass deletion is judged. */
  added: number;
}

/** Begins a listing. */
export function startListing(scope: string): Listing {
  return { scope, id: randomUUID(), added: 0 };
}

/** The scope of entries that were rebuilt from points, which do not say where they belong. */
export const unknownScope = "binnacle:unknown-scope";

/** `seenIn` of what no listing showed. */
export const seenNowhere = "";

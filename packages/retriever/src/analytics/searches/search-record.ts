/** A search, as the app reports it. */
export interface Search {
  /** The text of the query. It is redacted or hashed before it is kept. */
  readonly query: string;
  /** Id of the user. Only a keyed hash is kept. @default unknown */
  readonly user?: string | undefined;
  readonly durationMs: number;
  /** Number of hits or passages. */
  readonly hits: number;
  /** Similarity of the best hit. @default unknown */
  readonly score?: number | undefined;
  /** Code of the error if the search failed. @default none */
  readonly error?: string | undefined;
}

/** A search, as the log keeps it. */
export interface SearchRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The redacted query, or its hash. */
  readonly query: string;
  /** Keyed hash of the user's id. */
  readonly user?: string | undefined;
  readonly durationMs: number;
  readonly hits: number;
  readonly score?: number | undefined;
  readonly error?: string | undefined;
}

/** Bytes of an object with seven fields, and of its place in the list. */
const overhead = 120;

/** Estimates the memory of a record. A character takes at most two bytes. */
export function recordBytes({ query, user, error }: SearchRecord): number {
  return overhead + 2 * (query.length + (user?.length ?? 0) + (error?.length ?? 0));
}

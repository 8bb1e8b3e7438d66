/** The words for one error code on the page of errors. */
export interface ErrorText {
  /** The event that the code reports. */
  readonly meaning: string;
  /** The usual cause. */
  readonly cause: string;
  /** The action that helps. */
  readonly wayOut: string;
}

/** A section of the page: codes that a reader meets at the same time. */
export interface ErrorSection {
  readonly title: string;
  readonly codes: Readonly<Record<string, ErrorText>>;
}

export function errorText(meaning: string, cause: string, wayOut: string): ErrorText {
  return { meaning, cause, wayOut };
}

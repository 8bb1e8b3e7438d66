/** A difference between the index and its source. */
export interface IndexDifference {
  readonly documentId: string;
  /**
   * `missing`: chunks without a point. `stale`: points that differ from the document. `orphaned`: points of
   * chunks or documents that are gone. `unreadable`: cannot be compared. `unrecorded`: the manifest differs
   * from the points.
   */
  readonly kind: "missing" | "stale" | "orphaned" | "unreadable" | "unrecorded";
  readonly message: string;
}

/** The result of {@link verifyIndex}. */
export interface IndexVerification {
  /** True if nothing differs. A document that cannot be read and has no points is no difference. */
  readonly ok: boolean;
  readonly documents: number;
  readonly points: number;
  readonly differenceCount: number;
  readonly differences: readonly IndexDifference[];
  /** Documents that cannot be read and have no points, which a sync would also leave out. At most 100. */
  readonly unreadable: readonly UnreadableDocument[];
}

/** A document that cannot be read, and why. */
export interface UnreadableDocument {
  readonly documentId: string;
  readonly code: string;
  readonly message: string;
}

/** The most unreadable documents in a result. */
const maxUnreadable = 100;

/** Collects differences up to a number, and counts the rest. */
export class Findings {
  /** Number of points compared. */
  points = 0;
  readonly #max: number;
  readonly #differences: IndexDifference[] = [];
  readonly #unreadable: UnreadableDocument[] = [];
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Adds a difference. */
  add(documentId: string, kind: IndexDifference["kind"], message: string): void {
    this.#count += 1;
    if (this.#differences.length < this.#max) this.#differences.push({ documentId, kind, message });
  }

  /** Adds one difference that a number of chunks or points have. Adds nothing if the number is 0. */
  count(number: number, documentId: string, kind: IndexDifference["kind"], what: string): void {
    if (number > 0) this.add(documentId, kind, `${number} ${what}`);
  }

  /** Adds a document that cannot be read and has no points. */
  addUnreadable(document: UnreadableDocument): void {
    if (this.#unreadable.length < maxUnreadable) this.#unreadable.push(document);
  }

  /** Returns everything that was found. */
  result(): Omit<IndexVerification, "documents"> {
    const { points } = this;
    const [differenceCount, differences] = [this.#count, this.#differences];
    return { ok: differenceCount === 0, points, differenceCount, differences, unreadable: this.#unreadable };
  }
}

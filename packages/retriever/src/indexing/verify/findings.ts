/** One way in which the index is not what its source says. */
export interface IndexDifference {
  readonly documentId: string;
  /**
   * `missing`: chunks without a point. `stale`: points that say something else than the document. `orphaned`: points of
   * chunks or documents that are gone. `unreadable`: cannot be compared. `unrecorded`: the manifest knows it otherwise.
   */
  readonly kind: "missing" | "stale" | "orphaned" | "unreadable" | "unrecorded";
  readonly message: string;
}

/** What {@link verifyIndex} found. */
export interface IndexVerification {
  /** True: every document was compared, and nothing differs. */
  readonly ok: boolean;
  readonly documents: number;
  readonly points: number;
  readonly differenceCount: number;
  readonly differences: readonly IndexDifference[];
}

/** Gathers differences up to a number and counts the rest. */
export class Findings {
  /** Points compared. */
  points = 0;
  readonly #max: number;
  readonly #differences: IndexDifference[] = [];
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Adds a difference. */
  add(documentId: string, kind: IndexDifference["kind"], message: string): void {
    this.#count += 1;
    if (this.#differences.length < this.#max) this.#differences.push({ documentId, kind, message });
  }

  /** Adds a difference that so many chunks or points have, if any has. */
  count(number: number, documentId: string, kind: IndexDifference["kind"], what: string): void {
    if (number > 0) this.add(documentId, kind, `${number} ${what}`);
  }

  /** Everything found. */
  result(): Omit<IndexVerification, "documents"> {
    const { points } = this;
    const [differenceCount, differences] = [this.#count, this.#differences];
    return { ok: differenceCount === 0, points, differenceCount, differences };
  }
}

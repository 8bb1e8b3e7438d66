/** A point in the changes of a scope. It holds once everything before it is applied. */
export interface ScopeMark {
  readonly order: number;
  /** A checkpoint. */
  readonly resume?: string | undefined;
  /** The scope is current as of this time, epoch milliseconds. */
  readonly asOf?: number | undefined;
}

/**
 * The marks that wait, at most two for each scope. The next mark lets a busy scope reach a checkpoint, and
 * the last mark is the newest.
 */
export class ScopeMarks {
  readonly #marks: Map<string, readonly ScopeMark[]> = new Map();

  get size(): number {
    return this.#marks.size;
  }

  add(scope: string, mark: ScopeMark): void {
    const [next, last] = this.#marks.get(scope) ?? [];
    if (next === undefined) this.#marks.set(scope, [mark]);
    else this.#marks.set(scope, [next, merged(last, mark)]);
  }

  /** Removes and returns the marks that hold. `openSince` gives the order of a scope's first open change. */
  take(openSince: (scope: string) => number): ReadonlyMap<string, ScopeMark> {
    const held = new Map<string, ScopeMark>();
    for (const [scope, marks] of this.#marks) {
      const since = openSince(scope);
      const passed = marks.filter(({ order }) => order < since);
      const left = marks.filter(({ order }) => order >= since);
      for (const mark of passed) held.set(scope, merged(held.get(scope), mark));
      if (left.length === 0) this.#marks.delete(scope);
      else this.#marks.set(scope, left);
    }
    return held;
  }

  /** Drops the marks of a scope that is gone. */
  drop(scope: string): void {
    this.#marks.delete(scope);
  }
}

function merged(before: ScopeMark | undefined, { order, resume, asOf }: ScopeMark): ScopeMark {
  return { order, resume: resume ?? before?.resume, asOf: asOf ?? before?.asOf };
}

/** A chunk that a document should have. */
export interface WantedChunk {
  readonly contentHash: string;
  /** The other fields of the point, see {@link payloadKey}. */
  readonly payload: string;
}

/** A point that a document has. */
export interface PresentPoint extends WantedChunk {
  readonly slot: number;
  /** True if the text matches its hash, and the vectors are of the index's own space and encoder. */
  readonly isCurrent: boolean;
}

/**
 * The slot of a wanted chunk. `keep` needs no write, `patch` needs no vectors, and `write` needs the whole
 * point.
 */
export interface SlotAssignment {
  readonly action: "keep" | "patch" | "write";
  readonly slot: number;
}

/** How the points of a document must change. */
export interface SlotDiff {
  /** One for each wanted chunk, in order. */
  readonly assignments: readonly SlotAssignment[];
  /** Slots whose points are deleted. */
  readonly vacated: readonly number[];
  /** Slots whose content is no longer wanted, even if the slots are used again. */
  readonly dropped: readonly number[];
}

/**
 * Assigns slots. Equal content keeps its slot, and a point with an equal payload is preferred. New content
 * takes the lowest slot of dropped content, and only then a new number, so that an edit overwrites in place.
 */
export function diffSlots(wanted: readonly WantedChunk[], present: readonly PresentPoint[]): SlotDiff {
  if (present.length === 0)
    return { assignments: wanted.map((_, slot) => ({ action: "write", slot })), vacated: [], dropped: [] };
  const free = new Map(present.map((point) => [point.slot, point]));
  const assignments: (SlotAssignment | undefined)[] = wanted.map(() => undefined);
  const claim = (action: "keep" | "patch", keyOf: (chunk: WantedChunk) => string): void => {
    const byKey = groupByKey(
      [...free.values()].filter((point) => point.isCurrent),
      keyOf,
    );
    for (const [position, chunk] of wanted.entries()) {
      if (assignments[position] !== undefined) continue;
      const slot = byKey.get(keyOf(chunk))?.shift()?.slot;
      if (slot === undefined) continue;
      assignments[position] = { action, slot };
      free.delete(slot);
    }
  };
  claim("keep", (chunk) => `${chunk.contentHash} ${chunk.payload}`);
  claim("patch", (chunk) => chunk.contentHash);
  const dropped = [...free.keys()].sort(ascending);
  const takeSlot = slotSupply(present, dropped);
  const complete = assignments.map((assignment) => {
    if (assignment !== undefined) return assignment;
    const slot = takeSlot();
    free.delete(slot);
    return { action: "write" as const, slot };
  });
  return { assignments: complete, vacated: [...free.keys()].sort(ascending), dropped };
}

function groupByKey(
  points: readonly PresentPoint[],
  keyOf: (point: PresentPoint) => string,
): Map<string, PresentPoint[]> {
  const groups = new Map<string, PresentPoint[]>();
  for (const point of points) {
    const group = groups.get(keyOf(point));
    if (group === undefined) groups.set(keyOf(point), [point]);
    else group.push(point);
  }
  return groups;
}

function slotSupply(present: readonly PresentPoint[], vacated: readonly number[]): () => number {
  const taken = new Set(present.map((point) => point.slot));
  const queue = vacated.values();
  let next = 0;
  return () => {
    const vacant = queue.next();
    if (vacant.done !== true) return vacant.value;
    while (taken.has(next)) next += 1;
    return next++;
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

import type { OutlineNode } from "@binnacle/core";

/** A heading that was read. */
export interface ReadHeading {
  readonly start: number;
  /** 1 to 6. */
  readonly level: number;
  readonly title: string;
}

/** A table or a piece of code that was read. */
export interface ReadBlock {
  readonly start: number;
  readonly end: number;
  readonly kind: "table" | "code";
  readonly header?: OutlineNode["header"];
}

interface OpenSection {
  readonly level: number;
  readonly title: string;
  readonly close: (end: number) => void;
}

/**
 * Nested sections, each from its heading to the next of its level or above, with the tables and code inside them. The
 * headings must be in the order of the text, and no block may hold one.
 */
export function htmlOutline(
  headings: readonly ReadHeading[],
  blocks: readonly ReadBlock[],
  length: number,
): readonly OutlineNode[] {
  const nodes: OutlineNode[] = [];
  const open: OpenSection[] = [];
  const path = (): readonly string[] => open.map(({ title }) => title);
  for (const item of inOrder(headings, blocks)) {
    if ("kind" in item) {
      nodes.push({ ...item, path: path(), keepWhole: true });
      continue;
    }
    const { start, level, title } = item;
    while ((open.at(-1)?.level ?? 0) >= level) open.pop()?.close(start);
    const at = nodes.length;
    const close = (end: number): void =>
      void (nodes[at] = { start, end, path: sectionPath, kind: "section" });
    open.push({ level, title, close });
    const sectionPath = path();
    close(length);
  }
  return nodes;
}

function inOrder(
  headings: readonly ReadHeading[],
  blocks: readonly ReadBlock[],
): readonly (ReadHeading | ReadBlock)[] {
  const end = (item: ReadHeading | ReadBlock): number => ("end" in item ? item.end : Infinity);
  return [...headings, ...blocks].sort((a, b) => a.start - b.start || end(b) - end(a));
}

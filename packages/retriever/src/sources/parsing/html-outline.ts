import type { OutlineNode } from "@binnacle/core";

/** A heading in the text. */
export interface ReadHeading {
  readonly start: number;
  /** The heading's level, 1 to 6. */
  readonly level: number;
  readonly title: string;
}

/** A table or a block of code in the text. */
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
 * Builds an outline of nested sections, tables and code. A section reaches from its heading to the next
 * heading of the same or a higher level. The headings must be in the order of the text, and no block may
 * contain a heading.
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

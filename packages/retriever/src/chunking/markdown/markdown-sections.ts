import type { Section, Unit } from "../section.ts";
import { plainHeading } from "./plain-heading.ts";
import { scanBlocks, type HeadingBlock } from "./scan-blocks.ts";

/**
 * Yields the sections of a Markdown text, each from its heading to the next heading. Front matter is
 * metadata and in no section. A heading without text of its own belongs to the section of the deeper heading after it.
 */
export function* markdownSections(text: string): Generator<Section> {
  const headings: { readonly level: number; readonly title: string }[] = [];
  let start = 0;
  let bodyStart = 0; // one past the last heading
  let units: Unit[] = [];
  const path = (): readonly string[] => headings.map(({ title }) => title);
  for (const block of scanBlocks(text)) {
    if (block.kind === "frontMatter") {
      start = bodyStart = block.end;
      continue;
    }
    if (block.kind !== "heading") {
      units.push({ start: block.start, end: block.end, reading: readings[block.kind], header: block.header });
      continue;
    }
    const isEmpty = text.slice(bodyStart, block.start).trim() === "";
    const deepest = headings.at(-1)?.level ?? 0;
    if (!isEmpty || (start < bodyStart && block.level <= deepest)) {
      yield { start, end: block.start, path: path(), units };
      start = block.start;
      units = [];
    }
    enter(headings, block);
    bodyStart = block.end;
  }
  yield { start, end: text.length, path: path(), units };
}

const readings = { code: "code", table: "code", html: "prose" } as const;

function enter(headings: { readonly level: number; readonly title: string }[], block: HeadingBlock): void {
  while ((headings.at(-1)?.level ?? 0) >= block.level) headings.pop();
  headings.push({ level: block.level, title: plainHeading(block.title) });
}

import { headingWords } from "./plain-heading.ts";
import { scanBlocks } from "./scan-blocks.ts";

/** Returns the words of a Markdown text's first heading with words, as they appear in its chunks' paths. */
export function firstHeading(text: string): string | undefined {
  for (const block of scanBlocks(text)) {
    const words = block.kind === "heading" ? headingWords(block.title) : "";
    if (words !== "") return words;
  }
  return undefined;
}

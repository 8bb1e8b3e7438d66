import type { Chunk, Chunker, Document } from "@binnacle/core";
import { chunkerId, parseLimits, type ChunkerOptions, type ChunkLimits } from "./chunker-options.ts";
import { cutSection } from "./cut-section.ts";
import type { Section } from "./passage.ts";

/** Part of every text chunker's id: raise it whenever the same text could be cut otherwise. */
const ALGORITHM_VERSION = 1;

/** Makes a chunker from what finds a document's sections; each is tokenised and cut when it is reached. */
export function sectionChunker(
  algorithm: string,
  limits: ChunkLimits,
  sectionsOf: (document: Document) => Iterable<Section>,
): Chunker {
  return {
    id: chunkerId(`${algorithm}@${ALGORITHM_VERSION}`, limits),
    *chunk(document) {
      let index = 0;
      for (const section of sectionsOf(document)) {
        for (const { header, ...passage } of cutSection(document.text, section, limits)) {
          const chunk: Chunk = {
            index: index++,
            ...passage,
            context: [section.path.join(" > "), header].filter((part) => part !== "").join("\n"),
            path: section.path,
            metadata: document.metadata,
          };
          yield chunk;
        }
      }
    },
  };
}

/**
 * Cuts any text at paragraphs, then sentences, lines and words. A chunk never exceeds `maxTokens`; it repeats up to
 * `overlapTokens` of the text before it, whole sentences or lines
 * where they fill half of that, else whole words, else characters. Throws
 * a `ConfigurationError` for options that do not fit together.
 */
export async function createTextChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createTextChunker", options);
  return sectionChunker("text", limits, ({ text }) => [{ start: 0, end: text.length, path: [], units: [] }]);
}

import type { Chunk, Chunker, Document } from "@binnacle/core";
import { chunkerId, type ChunkLimits } from "./chunker-options.ts";
import { cutSection } from "./cut-section.ts";
import type { Section } from "./section.ts";

/**
 * The version of the cutting algorithm, which is part of every chunker's id. Raise it if a text could be cut
 * differently.
 */
const ALGORITHM_VERSION = 7;

/**
 * Creates a chunker from a function that finds a document's sections. A section is tokenized only when the
 * caller reaches it.
 */
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
        const heading = section.path.join(" > ");
        for (const { start, end, text, tokens, header } of cutSection(document.text, section, limits)) {
          const chunk: Chunk = {
            index: index++,
            start,
            end,
            text,
            context: heading !== "" && header !== "" ? `${heading}\n${header}` : heading + header,
            tokens,
            path: section.path,
            metadata: document.metadata,
          };
          yield chunk;
        }
      }
    },
  };
}

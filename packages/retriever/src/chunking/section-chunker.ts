import type { Chunk, Chunker, Document } from "@binnacle/core";
import { chunkerId, type ChunkLimits } from "./chunker-options.ts";
import { cutSection } from "./cut-section.ts";
import type { Section } from "./section.ts";

/** Part of every text chunker's id: raise it whenever the same text could be cut otherwise. */
const ALGORITHM_VERSION = 4;

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

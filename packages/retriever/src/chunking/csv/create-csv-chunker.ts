import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "../chunker-options.ts";
import { sectionChunker } from "../section-chunker.ts";
import { csvTable } from "./csv-table.ts";

/**
 * Creates a chunker that cuts CSV and TSV between rows. A chunk that begins below the first row has the first
 * row, with the names of the columns, in `context`. Only a row that does not fit in `maxTokens` is cut.
 * Rejects with a `ConfigurationError` if the options do not fit together.
 */
export async function createCsvChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createCsvChunker", options);
  return sectionChunker("csv", limits, ({ text }) => {
    const { header, rows } = csvTable(text);
    const units = rows.map((row) => ({ ...row, reading: "code" as const, header }));
    const first = header === undefined ? [] : [{ ...header, reading: "code" as const }];
    return [{ start: 0, end: text.length, path: [], units: [...first, ...units] }];
  });
}

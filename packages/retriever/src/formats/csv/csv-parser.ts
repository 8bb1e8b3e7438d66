import type { DocumentParser } from "@binnacle/core";
import { csvTable, delimiterOf } from "../../chunking/csv/csv-table.ts";
import { decodeText } from "../../sources/parsing/decode-text.ts";
import { csvCells } from "./csv-cells.ts";

/**
 * Reads CSV and TSV as a table: one line for each row, with bars between the cells, and the first row as its
 * heading. The delimiter is a comma, a semicolon, a tab or a bar, as the first rows show. Chunkers keep rows
 * whole, and repeat the heading. Without this parser the file's own text is read.
 */
export const csvParser: DocumentParser = {
  id: "csv@1",
  mediaTypes: ["text/csv", "text/tab-separated-values"],
  parse: async (bytes, options) => {
    const source = (await decodeText(bytes, options)).replace(/^\ufeff?sep=.\r?\n/u, "");
    const delimiter = delimiterOf(source);
    const { header, rows } = csvTable(source);
    const lines = [header ?? [], rows].flat().map(({ start, end }) =>
      csvCells(source.slice(start, end), delimiter)
        .map((cell) => cell.replace(/\s+/gu, " ").trim())
        .join(" | "),
    );
    const text = lines.join("\n").toWellFormed();
    const table = { start: 0, end: text.length, path: [], kind: "table", keepWhole: true };
    const [first = ""] = lines;
    const outline = header === undefined ? [table] : [{ ...table, header: { start: 0, end: first.length } }];
    return {
      text,
      mediaType: "text/plain",
      outline: text === "" ? [] : outline,
      metadata: { rows: rows.length, columns: header === undefined ? undefined : first.split(" | ") },
    };
  },
};

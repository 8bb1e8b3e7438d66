/**
 * A parser of CSV and TSV files for sources.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-formats.ts}
 * @module retriever/formats/csv
 */
export { csvParser } from "./csv-parser.ts";

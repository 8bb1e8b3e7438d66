/**
 * A parser of PDF files for sources, with the page of each passage. Needs `unpdf`.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-formats.ts}
 * @module retriever/formats/pdf
 */
export { pdfParser } from "./pdf-parser.ts";

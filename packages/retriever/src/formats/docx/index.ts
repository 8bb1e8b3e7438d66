/**
 * A parser of Word documents for sources. Needs `mammoth`.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-formats.ts}
 * @module retriever/formats/docx
 */
export { docxParser } from "./docx-parser.ts";

/**
 * A parser of mail for sources. Needs `postal-mime`.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-formats.ts}
 * @module retriever/formats/eml
 */
export { emlParser } from "./eml-parser.ts";

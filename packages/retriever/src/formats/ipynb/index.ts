/**
 * A parser of Jupyter notebooks for sources.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-formats.ts}
 * @module retriever/formats/ipynb
 */
export { ipynbParser } from "./ipynb-parser.ts";

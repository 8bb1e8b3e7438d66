/**
 * A parser of images for sources. The index's embedder must accept images.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-images.ts}
 * @module retriever/formats/image
 */
export { imageParser } from "./image-parser.ts";

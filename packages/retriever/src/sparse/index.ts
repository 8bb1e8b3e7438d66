export { bm25Languages, type Bm25EncoderOptions, type Bm25Language } from "./bm25-options.ts";
export { createBm25Encoder } from "./create-bm25-encoder.ts";

/** Makes vectors of what a cache holds. */
export interface VectorReader {
  /** The vectors of the values, in their order; undefined where there is none, or one that is damaged or of another kind. */
  read(values: readonly (Uint8Array | undefined)[], dimensions: number): (Float32Array | undefined)[];
}

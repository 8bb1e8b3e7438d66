/** A document that is to be removed. */
export interface Removal {
  readonly documentId: string;
  /** Undefined: wherever it belongs. */
  readonly scope: string | undefined;
  /** Tells it from an {@link IndexRequest}. */
  readonly load?: undefined;
}

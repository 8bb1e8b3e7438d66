/** Options that every command takes. */
export interface CommonOptions {
  readonly data: string;
  readonly collection: string;
  readonly signal?: AbortSignal | undefined;
}

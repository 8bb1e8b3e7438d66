import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { Document } from "./document.ts";

/** A document as a parser makes it. The source adds the id. */
export type ParsedDocument = Omit<Document, "id">;

/** Parameters of {@link DocumentParser.parse}. */
export interface ParseOptions {
  /** Media type of the bytes, one of {@link DocumentParser.mediaTypes}. */
  readonly mediaType: string;
  /** Name of the file within its source, such as a path with `/`. @default unknown */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called for a part that is left out, such as a page without text. The rest of the document is used.
   * @default parts are left out without a report */
  readonly onIgnored?: ((error: BinnacleError) => void) | undefined;
}

/** Turns the bytes of one file into a document. The same bytes and name always yield the same
 * document. */
export interface DocumentParser {
  /** Names the parser and its version. Changes whenever the result may change, so that a source reads
   * unchanged files again. */
  readonly id: string;
  /** The media types that the parser reads, such as `application/pdf`. Lower case, without parameters. */
  readonly mediaTypes: readonly string[];
  /**
   * Parses the bytes and keeps no reference to them. Rejects with a `BinnacleError` that is not retryable if
   * the bytes cannot be read. The message need not name the file, because the source adds its name.
   */
  parse(bytes: Uint8Array, options: ParseOptions): Promise<ParsedDocument>;
}

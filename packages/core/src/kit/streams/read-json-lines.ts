import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { readLines, type LinesOptions } from "./read-lines.ts";

/**
 * Reads JSON values, one per line (NDJSON), from bytes in any pieces. Skips blank lines. Throws an
 * `InvalidResponseError` for a line that is not JSON or not UTF-8, such as an incomplete last line. Leaving
 * the loop closes the source.
 */
export async function* readJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  options: LinesOptions = {},
): AsyncGenerator<unknown, void, void> {
  let number = 0;
  for await (const line of readLines(bytes, options)) {
    number += 1;
    if (line.trim() !== "") yield parsed(line, number);
  }
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Without the cause and the text, which may hold a credential.
    throw new InvalidResponseError(`Line ${number} of the stream is not JSON (${line.length} characters).`);
  }
}

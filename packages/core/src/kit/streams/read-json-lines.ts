import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { readLines, type LinesOptions } from "./read-lines.ts";

/**
 * Reads JSON values, one per line (NDJSON), from bytes that may be cut anywhere. Blank lines are skipped. A line that is
 * not JSON or not UTF-8 throws `InvalidResponseError`, also a last line that was cut. Leaving the loop closes the
 * source.
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
    // Without the cause and the text: both may quote a credential.
    throw new InvalidResponseError(`line ${number} of the stream is not JSON (${line.length} characters)`);
  }
}

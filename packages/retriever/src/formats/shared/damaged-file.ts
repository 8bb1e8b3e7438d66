import { BinnacleError } from "@binnacle/core";

/** Makes the error for bytes that are not what their media type says, with code `damaged_file`. */
export function damagedFile(format: string, cause: unknown): BinnacleError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the file cannot be read as ${format} (${reason}). It may be cut off or damaged. Replace or exclude it.`;
  return new BinnacleError("damaged_file", message, { cause });
}

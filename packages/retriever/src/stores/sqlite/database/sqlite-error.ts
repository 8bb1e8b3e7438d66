import { BinnacleError, ConfigurationError } from "@binnacle/core";

// Primary result codes, https://www.sqlite.org/rescode.html. The low byte of an extended code is its primary
// code.
const busy = 5;
const locked = 6;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** Returns true if another connection holds the requested lock. */
export function isLocked(error: unknown): boolean {
  const code = primaryCode(error);
  return code === busy || code === locked;
}

/** Translates an error of SQLite. Returns other errors unchanged. */
export function translateSqliteError(error: unknown, path: string): unknown {
  const code = primaryCode(error);
  if (code === undefined || BinnacleError.isInstance(error)) return error;
  const found = error instanceof Error ? error.message : String(error);
  switch (code) {
    case corrupt:
    case notADatabase:
      return new BinnacleError(
        "file_corrupt",
        `The file "${path}" is damaged (${found}). Restore a copy, or delete it with its -wal and -shm files and index again.`,
        { cause: error },
      );
    case full:
      return new BinnacleError(
        "disk_full",
        `No space left to write to "${path}". A write that did not fit was not applied, not even in part. Earlier writes of a larger batch may have been applied. Free some space and repeat the same batch.`,
        { cause: error, retryable: true },
      );
    case readOnly:
    case cannotOpen:
      return new ConfigurationError(
        `The file "${path}" cannot be opened for writing (${found}). Check that its directory exists and is writable.`,
        { code: "file_unusable", cause: error },
      );
    case ioError:
      return new BinnacleError("storage_failed", `Reading or writing "${path}" failed (${found}).`, {
        cause: error,
        retryable: true,
      });
    default:
      return new BinnacleError("internal", `SQLite refused a statement on "${path}": ${found}`, {
        cause: error,
      });
  }
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") {
    return undefined;
  }
  return error.errcode & 0xff;
}

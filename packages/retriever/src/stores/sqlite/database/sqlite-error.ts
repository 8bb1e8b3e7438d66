import { BinnacleError, ConfigurationError } from "@binnacle/core";

// Primary result codes, https://www.sqlite.org/rescode.html; the extended code's low byte is the primary one.
const busy = 5;
const locked = 6;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** Whether another connection holds the lock that was wanted. */
export function isLocked(error: unknown): boolean {
  const code = primaryCode(error);
  return code === busy || code === locked;
}

/** Says in our words what SQLite refused; anything that is not SQLite's comes back as it is. */
export function translateSqliteError(error: unknown, path: string): unknown {
  const code = primaryCode(error);
  if (code === undefined || BinnacleError.isInstance(error)) return error;
  const found = error instanceof Error ? error.message : String(error);
  switch (code) {
    case corrupt:
    case notADatabase:
      return new BinnacleError(
        "file_corrupt",
        `the file "${path}" is damaged (${found}); restore a copy, or delete it with its -wal and -shm files and index again`,
        { cause: error },
      );
    case full:
      return new BinnacleError(
        "disk_full",
        `no space left to write to "${path}"; what did not fit was not written, not even in part. Of a larger batch the first writes may have been kept: make room and write the same again`,
        { cause: error, retryable: true },
      );
    case readOnly:
    case cannotOpen:
      return new ConfigurationError(
        `the file "${path}" cannot be opened for writing (${found}); check that its directory exists and is writable`,
        { code: "file_unusable", cause: error },
      );
    case ioError:
      return new BinnacleError("storage_failed", `reading or writing "${path}" failed (${found})`, {
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

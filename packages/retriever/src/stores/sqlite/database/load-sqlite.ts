type SqliteModule = typeof import("node:sqlite");

/** Loads Node's own SQLite. Node 22 warns on the first load that it is experimental. This function
 * suppresses that warning, in the worker's own `process` object and only during the load. */
export function loadSqlite(): SqliteModule {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

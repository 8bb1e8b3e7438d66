type SqliteModule = typeof import("node:sqlite");

/**
 * Loads Node's own SQLite. Node 22 warns on first load that it is experimental; this silences that one warning, in
 * the worker's own `process` object and only while the module loads.
 */
export function loadSqlite(): SqliteModule {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

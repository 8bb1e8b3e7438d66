import { createSearchLog, type SearchLog } from "@binnacle/retriever/analytics";

/** Most tenants with a log. The log that was used least recently leaves first. */
const maxLogs = 256;
const bytesPerLog = 1024 * 1024;

/** The search logs of a server, one for each tenant, so that no tenant sees another tenant's queries. */
export interface SearchLogs {
  /** Returns the log of a tenant, or the operator's. */
  of(tenant: string | undefined): SearchLog;
}

/** Creates empty logs in memory. */
export function createSearchLogs(): SearchLogs {
  const logs = new Map<string | undefined, SearchLog>();
  return {
    of: (tenant) => {
      const log = logs.get(tenant) ?? createSearchLog({ maxBytes: bytesPerLog });
      logs.delete(tenant);
      logs.set(tenant, log);
      if (logs.size > maxLogs) logs.delete([...logs.keys()][0]);
      return log;
    },
  };
}

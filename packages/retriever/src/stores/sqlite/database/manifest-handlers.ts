import type { LeaseKey } from "../channel/requests.ts";
import type { CallContext } from "../channel/call-context.ts";
import type { Handlers } from "../channel/worker-host.ts";
import type { Connection } from "./connection.ts";
import { EntryTable } from "./entry-table.ts";
import { LeaseTable } from "./lease-table.ts";
import type { Transactions } from "./transactions.ts";

type ManifestMethod =
  | "openLease"
  | "renewLease"
  | "closeLease"
  | "getEntries"
  | "putEntries"
  | "forgetEntries"
  | "markSeen"
  | "listEntries";

/** Answers what is asked of the manifest. The lease is checked in the same transaction as whatever follows. */
export function manifestHandlers(parts: {
  readonly connection: Connection;
  readonly transactions: Transactions;
}): Pick<Handlers, ManifestMethod> {
  const { transactions } = parts;
  const leases = new LeaseTable(parts.connection);
  const entries = new EntryTable(parts.connection);
  const checked =
    <P extends LeaseKey, T>(mode: "read" | "write", body: (params: P) => T) =>
    (params: P, call: CallContext): Promise<T> =>
      transactions[mode](call, () => {
        leases.check(params);
        return body(params);
      });
  return {
    openLease: (params, call) => transactions.write(call, () => leases.open(params)),
    closeLease: (params, call) => transactions.write(call, () => leases.close(params)),
    renewLease: checked("write", (params) => leases.renew(params)),
    getEntries: checked("read", ({ lease, documentIds }) => entries.get(lease, documentIds)),
    putEntries: checked("write", (params) => {
      entries.put(params.lease, params.entries);
      return leases.record(params);
    }),
    forgetEntries: checked("write", ({ lease, documentIds }) => entries.forget(lease, documentIds)),
    markSeen: checked("write", ({ lease, documentIds, seenIn }) =>
      entries.markSeen(lease, documentIds, seenIn),
    ),
    listEntries: checked("read", (params) => entries.list(params)),
  };
}

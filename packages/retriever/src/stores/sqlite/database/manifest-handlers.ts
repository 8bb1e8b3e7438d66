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
  | "findContents"
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
    <P extends LeaseKey, T>(mode: "read" | "write", body: (params: P, isBound: boolean) => T) =>
    (params: P, call: CallContext): Promise<T> =>
      transactions[mode](call, () => body(params, leases.check(params)));
  return {
    openLease: (params, call) => transactions.write(call, () => leases.open(params)),
    closeLease: (params, call) => transactions.write(call, () => leases.close(params)),
    renewLease: checked("write", (params) => leases.renew(params)),
    getEntries: checked("read", ({ lease, documentIds }, isBound) =>
      isBound ? entries.get(lease, documentIds) : documentIds.map(() => undefined),
    ),
    findContents: checked("read", ({ lease, contentHashes }, isBound) =>
      isBound ? entries.find(lease, contentHashes) : [],
    ),
    putEntries: checked("write", (params, isBound) => {
      if (!isBound) leases.bind(params);
      entries.put(params.lease, params.entries);
      return leases.record(params);
    }),
    forgetEntries: checked("write", ({ lease, documentIds }, isBound) =>
      isBound ? entries.forget(lease, documentIds) : undefined,
    ),
    markSeen: checked("write", ({ lease, documentIds, seenIn }, isBound) =>
      isBound ? entries.markSeen(lease, documentIds, seenIn) : undefined,
    ),
    listEntries: checked("read", (params, isBound) => (isBound ? entries.list(params) : [])),
  };
}

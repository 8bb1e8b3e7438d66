import type { EntriesOf, LeaseKey } from "../channel/requests.ts";
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
  | "confirmEntries"
  | "listEntries"
  | "countEntries"
  | "listScopes";

/** Answers requests about the manifest. The lease is checked in the same transaction as the request. */
export function manifestHandlers(parts: {
  readonly connection: Connection;
  readonly transactions: Transactions;
}): Pick<Handlers, ManifestMethod> {
  const { transactions } = parts;
  const leases = new LeaseTable(parts.connection);
  const entries = new EntryTable(parts.connection);
  const checked =
    <P extends LeaseKey, T>(body: (params: P, isBound: boolean) => T) =>
    (params: P, call: CallContext): Promise<T> =>
      transactions.write(call, () => body(params, leases.check(params)));
  const reading =
    <P extends { readonly of: EntriesOf }, T>(body: (lease: number | undefined, params: P) => T) =>
    (params: P, call: CallContext): Promise<T> =>
      transactions.read(call, () => body(leases.find(params.of), params));
  return {
    openLease: (params, call) => transactions.write(call, () => leases.open(params)),
    closeLease: (params, call) => transactions.write(call, () => leases.close(params)),
    renewLease: checked((params) => leases.renew(params)),
    putEntries: checked((params, isBound) => {
      if (!isBound) leases.bind(params);
      entries.put(params.lease, params.entries);
      return leases.record(params);
    }),
    forgetEntries: checked(({ lease, documentIds }, isBound) =>
      isBound ? entries.forget(lease, documentIds) : undefined,
    ),
    markSeen: checked(({ lease, documentIds, seenIn }, isBound) =>
      isBound ? entries.markSeen(lease, documentIds, seenIn) : undefined,
    ),
    confirmEntries: checked((params, isBound) =>
      isBound ? entries.confirm(params) : new Int32Array(params.ids.length).fill(-1),
    ),
    getEntries: reading((lease, { documentIds }) => entries.get(lease, documentIds)),
    findContents: reading((lease, { contentHashes }) => entries.find(lease, contentHashes)),
    listEntries: reading((lease, params) => entries.list(lease, params)),
    countEntries: reading((lease, params) => entries.count(lease, params)),
    listScopes: reading((lease) => entries.scopes(lease)),
  };
}

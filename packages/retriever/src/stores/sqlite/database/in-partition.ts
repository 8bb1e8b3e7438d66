import type { CallContext } from "../channel/call-context.ts";
import type { Scope } from "../channel/requests.ts";
import type { CollectionTable } from "./collection-table.ts";
import type { Connection } from "./connection.ts";
import type { Partition } from "./partition.ts";
import type { Transactions } from "./transactions.ts";

/** The parts that the handlers share. */
export interface PointHandlerParts {
  readonly connection: Connection;
  readonly transactions: Transactions;
  readonly collections: CollectionTable;
  readonly maxIndexBytes: number;
}

/** Runs a body in one transaction, with the part of the collection that the handle may see. */
export function inPartition<P extends Scope, T>(
  { transactions, collections }: PointHandlerParts,
  mode: "read" | "write",
  body: (partition: Partition, params: P) => T,
): (params: P, call: CallContext) => Promise<T> {
  return (params, call) => transactions[mode](call, () => body(collections.partition(params), params));
}

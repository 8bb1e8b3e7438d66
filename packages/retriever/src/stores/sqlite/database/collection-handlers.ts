import { resolveSpec } from "@binnacle/core/stores";
import { embeddedCapabilities } from "../../shared/embedded-capabilities.ts";
import type { Handlers } from "../channel/worker-host.ts";
import { toInfo, type CollectionTable } from "./collection-table.ts";
import { integer, text, type Connection } from "./connection.ts";
import type { Transactions } from "./transactions.ts";

/** The parts that the handlers share. */
export interface CollectionHandlerParts {
  readonly connection: Connection;
  readonly transactions: Transactions;
  readonly collections: CollectionTable;
}

type CollectionMethod =
  "check" | "ensureCollection" | "describeCollection" | "listCollections" | "deleteCollection";

/** Answers requests about the store as a whole. */
export function collectionHandlers(parts: CollectionHandlerParts): Pick<Handlers, CollectionMethod> {
  const { connection, transactions, collections } = parts;
  return {
    check: (_params, call) =>
      transactions.read(call, () => {
        const row = connection.one(
          "SELECT sqlite_version() AS version, count(*) AS collections FROM collections",
        );
        return { version: text(row, "version"), collections: integer(row, "collections") };
      }),
    ensureCollection: ({ spec }, call) => {
      const asked = resolveSpec("ensureCollection", spec, embeddedCapabilities);
      return transactions.write(call, () => collections.ensure(asked));
    },
    describeCollection: ({ name }, call) =>
      transactions.read(call, () => {
        const found = collections.find(name);
        return found && toInfo(found);
      }),
    listCollections: (_params, call) => transactions.read(call, () => collections.list()),
    deleteCollection: ({ name }, call) => transactions.write(call, () => collections.delete(name)),
  };
}

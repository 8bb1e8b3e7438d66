import { aliasHandlers } from "./alias-handlers.ts";
import { Connection } from "./connection.ts";
import { CollectionTable } from "./collection-table.ts";
import { collectionHandlers } from "./collection-handlers.ts";
import { manifestHandlers } from "./manifest-handlers.ts";
import { openDatabase } from "./open-database.ts";
import { pointHandlers } from "./point-handlers.ts";
import { snapshotHandlers } from "./snapshot-handlers.ts";
import { Transactions } from "./transactions.ts";
import type { CallContext } from "../channel/call-context.ts";
import type { WorkerOptions } from "../channel/requests.ts";
import type { Service } from "../channel/worker-host.ts";

/** Opens the file and answers every request about it. */
export async function openStoreService(options: WorkerOptions, call: CallContext): Promise<Service> {
  const database = await openDatabase(options, call);
  const connection = new Connection(database);
  const transactions = new Transactions(database, options);
  const collections = new CollectionTable(connection);
  return {
    handlers: {
      ...collectionHandlers({ connection, transactions, collections }),
      ...aliasHandlers({ connection, transactions, collections }),
      ...pointHandlers({ connection, transactions, collections, maxIndexBytes: options.maxIndexBytes }),
      ...snapshotHandlers({ connection, transactions, collections, options }),
      ...manifestHandlers({ connection, transactions }),
    },
    close: () => database.close(),
  };
}
